import { GatecastError, type Clock } from '@gatecast/token';
import type { EntryTokens } from './entry-tokens.js';
import { readVendorError, tokensRefused, type VendorRemedy } from './read-vendor-error.js';
import { RefusalCount } from './refusal-count.js';

/** A token this close to its end may already have ended by the server's clock when a handshake failed. */
const NEAR_END_MS = 10_000;

export interface VendorFailure {
  /** The vendor's error code. */
  readonly code: number;
  /** Version of the vendor's player, for example `5.4.1`. */
  readonly version: string;
  /** Stream whose token was in use. */
  readonly stream: string;
}

/**
 * Answers a refused token: fetches fresh ones, with which the player is then updated.
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

  /** Are the fresh tokens here, and the player not yet updated with them? */
  get isUpdating(): boolean {
    return this.#state === 'updating';
  }

  /** Decides what to do about an error. Each refusal is counted once, although two events may report it. */
  decide({ code, version, stream }: VendorFailure): VendorRemedy {
    const nowMs = this.#clock.now();
    const remedy = readVendorError({
      code,
      majorVersion: Number.parseInt(version, 10),
      isTokenOld: this.#tokens.isOld(stream, NEAR_END_MS),
      refusals: this.#refusals.at(nowMs),
    });
    if (remedy.kind !== 'renew') return remedy;
    if (this.#state === 'fetching') return { kind: 'wait' };
    this.#refusals.add(nowMs);
    return remedy;
  }

  /**
   * Fetches another token for the refused one, and fresh ones for the other streams.
   *
   * @throws GatecastError why there is none.
   */
  async fetchTokens({ code, stream }: VendorFailure, signal: AbortSignal): Promise<void> {
    this.#state = 'fetching';
    try {
      await this.#tokens.replace(stream, signal);
    } catch (error) {
      const isFreshRefused = error instanceof GatecastError && error.code === 'token-rejected';
      throw isFreshRefused ? tokensRefused(code) : error;
    }
    this.#state = 'updating';
  }

  /** The player plays, or was updated with the fresh tokens. */
  end(): void {
    this.#state = 'idle';
  }
}
