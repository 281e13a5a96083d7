import type { StreamTokens } from '@gatecast/element';

/** A session that ends this close to the end of its token has ended with it. */
const CLOSE_MS = 3000;
/** So many sessions in a row: one may have ended for another reason. */
const UNTIL_LEARNT = 2;
/** Of so many renewals one is brought to the session again, at first: the server, or its settings, may be another one now. */
const RENEWALS_UNTIL_TRIAL = 10;

/**
 * Finds out whether a server ends its sessions when the token of their first request ends: WHEP says nothing about it. Then the next
 * ones are replaced in time.
 */
export class TokenEnds {
  readonly #tokens: StreamTokens | null;
  #stream = '';
  #endsAtMs: number | null = null;
  #ended = 0;
  #trialAfter = RENEWALS_UNTIL_TRIAL;
  #renewals = 0;

  constructor(tokens: StreamTokens | null) {
    this.#tokens = tokens;
  }

  /** A session of this stream has been opened. */
  opened(stream: string): void {
    this.#stream = stream;
    this.#endsAtMs = this.#current();
  }

  /** The server has ended the session. */
  ended(): void {
    if (!(Math.abs(this.#age()) < CLOSE_MS)) return;
    this.#ended += 1;
    // A trial that has failed, perhaps: the next one comes later.
    if (this.#ended > UNTIL_LEARNT) this.#trialAfter *= 2;
  }

  /** A token has been renewed. Would a new session live longer than the one before? */
  isDue(): boolean {
    if (this.#age() > 2 * CLOSE_MS) {
      this.#ended = 0;
      this.#trialAfter = RENEWALS_UNTIL_TRIAL;
    }
    if (this.#ended < UNTIL_LEARNT || this.#endsAtMs === null) return false;
    if ((this.#current() ?? Infinity) <= this.#endsAtMs) return false;
    this.#renewals += 1;
    return this.#renewals % this.#trialAfter !== 0;
  }

  /** Milliseconds since the end of the token that the session began with; negative before it. */
  #age(): number {
    return this.#tokens && this.#endsAtMs !== null ? this.#tokens.now() - this.#endsAtMs : NaN;
  }

  #current(): number | null {
    return this.#tokens?.peek(this.#stream)?.expiresAtMs ?? null;
  }
}
