import type { TokenIssuer } from '../issuer/token-issuer.js';

/** Streams times users whose token is kept; the oldest goes first. */
const MAX_ENTRIES = 1000;

/**
 * Tokens that stay the same while half of their life is left, so that the address of an init segment does not change
 * with each reload and native players fetch it once.
 */
export class StableTokens {
  readonly #issuer: TokenIssuer;
  readonly #now: () => number;
  readonly #entries = new Map<string, { token: string | undefined; staleAtMs: number }>();

  constructor(issuer: TokenIssuer, now: () => number) {
    this.#issuer = issuer;
    this.#now = now;
  }

  /** @param ttlSeconds - shortest life that the token has left when it is handed out. */
  async get(stream: string, user: string | undefined, ttlSeconds: number): Promise<string | undefined> {
    const key = JSON.stringify([stream, user, ttlSeconds]);
    const known = this.#entries.get(key);
    if (known && known.staleAtMs > this.#now()) return known.token;
    const grant = { ttlSeconds: 2 * ttlSeconds };
    const { token, expiresAt } = await this.#issuer.issue({ purpose: 'playback', stream, grant, user });
    this.#entries.delete(key);
    this.#entries.set(key, { token, staleAtMs: (expiresAt - ttlSeconds) * 1000 });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
    return token;
  }
}
