import { Problem } from '../http/problem.js';
import type { PushLimits } from './push-options.js';

/** Who takes a place, as far as it is known. */
export interface PlaceOwner {
  readonly user?: string | undefined;
  readonly addressKey?: string | undefined;
}

/** Counts the open event streams of an instance, of each user and of each address. */
export class EventPlaces {
  readonly #limits: PushLimits;
  readonly #perUser = new Map<string, number>();
  readonly #perAddress = new Map<string, number>();
  #count = 0;

  constructor(limits: PushLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#count;
  }

  /** @throws Problem `rate-limited` if the instance, the user or the address has too many. */
  requireFree({ user, addressKey }: PlaceOwner): void {
    const { maxConnections, maxPerUser, maxPerAddress } = this.#limits;
    const hasPlace =
      this.#count < maxConnections &&
      (user === undefined || (this.#perUser.get(user) ?? 0) < maxPerUser) &&
      (addressKey === undefined || (this.#perAddress.get(addressKey) ?? 0) < maxPerAddress);
    if (!hasPlace) throw tooManyPages();
  }

  take({ user, addressKey }: PlaceOwner): void {
    this.#count += 1;
    add(this.#perUser, user, 1);
    add(this.#perAddress, addressKey, 1);
  }

  giveBack({ user, addressKey }: PlaceOwner): void {
    this.#count -= 1;
    add(this.#perUser, user, -1);
    add(this.#perAddress, addressKey, -1);
  }
}

/** The refusal of a page for which no place is left. */
export function tooManyPages(): Problem {
  return new Problem('rate-limited', 'Too many pages listen for events.', { retryAfterSeconds: 30 });
}

function add(counts: Map<string, number>, key: string | undefined, change: number): void {
  if (key === undefined) return;
  const count = (counts.get(key) ?? 0) + change;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
