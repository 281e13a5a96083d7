import type { Clock } from '@gatecast/token';
import type { EntryTokens } from './entry-tokens.js';
import { RefusalCount } from './refusal-count.js';

/**
 * Replaces a refused token with a fresh one, with which the player is then updated.
 *
 * `withFreshToken` does not fit here: the vendor's player connects by itself, so a refusal is an event at any time and
 * not the result of a call, and two refusals within a minute are answered before the third one is an error.
 */
export class TokenRenewal {
  readonly #tokens: EntryTokens;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #refusals = new RefusalCount();
  #state: 'idle' | 'fetching' | 'updating' = 'idle';

  constructor(tokens: EntryTokens, clock: Pick<Clock, 'now'>) {
    this.#tokens = tokens;
    this.#clock = clock;
  }

  get isIdle(): boolean {
    return this.#state === 'idle';
  }

  get isFetching(): boolean {
    return this.#state === 'fetching';
  }

  /** Are the fresh tokens here, and the player not yet updated with them? */
  get isUpdating(): boolean {
    return this.#state === 'updating';
  }

  /** The renewals of the last minute. */
  get refusals(): number {
    return this.#refusals.at(this.#clock.now());
  }

  /**
   * Fetches another token for the refused one, and fresh ones for the other streams.
   *
   * @throws GatecastError why there is none; `token-rejected` when the refused token was itself fresh.
   */
  async fetchTokens(stream: string, signal: AbortSignal): Promise<void> {
    this.#refusals.add(this.#clock.now());
    this.#state = 'fetching';
    await this.#tokens.replace(stream, signal);
    this.#state = 'updating';
  }

  /** The player plays, was updated with the fresh tokens, or there are none. */
  end(): void {
    this.#state = 'idle';
  }
}
