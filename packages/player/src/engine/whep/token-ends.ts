import type { StreamTokens } from '@gatecast/element';

/** A session that ends this close to the end of its token has ended with it. */
const CLOSE_MS = 3000;

/**
 * Finds out whether a server ends its sessions when the token of their first request ends: WHEP says nothing about it. Then the next
 * ones are replaced in time.
 */
export class TokenEnds {
  readonly #tokens: StreamTokens | null;
  #stream = '';
  #endsAtMs: number | null = null;
  #endsSessions = false;

  constructor(tokens: StreamTokens | null) {
    this.#tokens = tokens;
  }

  /** A session of this stream is being opened. */
  opened(stream: string): void {
    this.#stream = stream;
    this.#endsAtMs = this.#current();
  }

  lost(): void {
    const nowMs = this.#tokens?.now() ?? NaN;
    if (this.#endsAtMs !== null && Math.abs(nowMs - this.#endsAtMs) < CLOSE_MS) this.#endsSessions = true;
  }

  /** Is there a token that would let a new session live longer? */
  isDue(): boolean {
    return this.#endsSessions && this.#endsAtMs !== null && (this.#current() ?? Infinity) > this.#endsAtMs;
  }

  #current(): number | null {
    return this.#tokens?.peek(this.#stream)?.expiresAtMs ?? null;
  }
}
