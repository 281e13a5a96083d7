import type { Logger } from '../http/logger.js';
import type { StoreDownPolicy } from '../limits/store-policy.js';
import { causeOf } from './cause-of.js';

/** What the log says about the list of a process. Each state is reported once. */
export class ListReports {
  readonly #logger: Logger;
  readonly #policy: StoreDownPolicy;
  #isDown = false;
  #isFaulty = false;

  constructor(logger: Logger, policy: StoreDownPolicy) {
    this.#logger = logger;
    this.#policy = policy;
  }

  /** The list is old. */
  down(): void {
    if (this.#isDown) return;
    this.#isDown = true;
    const policy = this.#policy;
    if (policy === 'open')
      this.#logger.warn({ policy }, 'The list of revocations is old. New revocations are not enforced');
    else this.#logger.error({ policy }, 'The list of revocations is old. Requests are refused');
  }

  /** The list is not old. */
  current(): void {
    if (!this.#isDown) return;
    this.#isDown = false;
    this.#logger.warn({}, 'The list of revocations is current again');
  }

  /** Messages cannot be sent or received. */
  fault(error: unknown): void {
    if (this.#isFaulty) return;
    this.#isFaulty = true;
    this.#logger.error(
      { causedBy: causeOf(error) },
      'Messages about revocations fail. They take a second longer',
    );
  }

  notRestored(error: unknown): void {
    this.#logger.warn(
      { causedBy: causeOf(error) },
      'Revocations that the store lost could not be written back',
    );
  }

  restored(count: number): void {
    if (count > 0) this.#logger.warn({ count }, 'The store had lost revocations. They are written back');
  }

  unreadable(count: number): void {
    if (count > 0) this.#logger.error({ count }, 'Revocations in the store cannot be read');
  }
}
