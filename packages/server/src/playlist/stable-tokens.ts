import type { TokenIssuer } from '../issuer/token-issuer.js';

/** Largest number of cached tokens. The oldest is removed first. */
const MAX_ENTRIES = 1000;

/**
 * Returns the same token until half of its lifetime has passed. The URL of an init segment then stays the same, and native
 * players do not fetch it again at each reload.
 */
export class StableTokens {
  readonly #issuer: TokenIssuer;
  readonly #now: () => number;
  readonly #entries = new Map<string, { token: string | undefined; staleAtMs: number }>();

  constructor(issuer: TokenIssuer, now: () => number) {
    this.#issuer = issuer;
    this.#now = now;
  }

  /** @param ttlSeconds - shortest remaining lifetime of the returned token, in seconds. */
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
