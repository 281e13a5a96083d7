import { toNumericDate } from '@gatecast/contract';
import { Problem } from '../http/problem.js';
import { issueWithinGrant } from '../issuer/issue-within-grant.js';
import type { TokenIssuer } from '../issuer/token-issuer.js';
import type { PlaylistGrant } from './playlist-cookie.js';

/** Lifetimes of a token that several requests use. */
export interface SharedLifetime {
  /** Lifetime of a new token in seconds. */
  readonly ttlSeconds: number;
  /** Shortest remaining lifetime of the token that is returned, in seconds. */
  readonly remainingSeconds: number;
}

/** Largest number of cached tokens. The oldest is removed first. */
const MAX_ENTRIES = 1000;

/** Issues tokens from the grants of the playlist cookie: never broader or longer than the grant. */
export class GrantTokens {
  readonly #issuer: TokenIssuer;
  readonly #now: () => number;
  readonly #needsId: boolean;
  readonly #entries = new Map<string, { token: string; expiresAt: number }>();

  /** @param needsId - must the tokens have an id by which they can be revoked? */
  constructor(issuer: TokenIssuer, now: () => number, needsId: boolean) {
    this.#issuer = issuer;
    this.#now = now;
    this.#needsId = needsId;
  }

  /** Whole seconds until the grant ends. */
  remainingSeconds({ expiresAt }: PlaylistGrant): number {
    return Math.floor(expiresAt - this.#now() / 1000);
  }

  /** @returns a new token, which ends with the grant or earlier. */
  async issue(grant: PlaylistGrant, ttlSeconds: number): Promise<string> {
    return (await this.#issue(grant, ttlSeconds)).token;
  }

  /**
   * The same token for equal grants, as long as it is valid for `remainingSeconds`. If the grant ends earlier, a new token
   * that ends with it.
   */
  async share(grant: PlaylistGrant, { ttlSeconds, remainingSeconds }: SharedLifetime): Promise<string> {
    const { user, session, stream, id, claims, restrictions } = grant;
    const key = JSON.stringify([user, session, stream, id, claims, restrictions, ttlSeconds]);
    const known = this.#entries.get(key);
    const neededUntil = this.#now() / 1000 + remainingSeconds;
    if (known && known.expiresAt >= neededUntil && known.expiresAt <= grant.expiresAt) return known.token;
    const issued = await this.#issue(grant, ttlSeconds);
    this.#entries.delete(key);
    this.#entries.set(key, issued);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
    return issued.token;
  }

  async #issue(grant: PlaylistGrant, ttlSeconds: number): Promise<{ token: string; expiresAt: number }> {
    const { stream, user, session: _, ...granted } = grant;
    const latest = grant.expiresAt - toNumericDate(this.#now());
    const request = {
      purpose: 'playback' as const,
      stream,
      grant: { ...granted, ttlSeconds: Math.max(1, Math.min(Math.ceil(ttlSeconds), latest)) },
      user,
      needsId: this.#needsId,
    };
    const { token, expiresAt, origins } = await issueWithinGrant(this.#issuer, request, this.#now);
    if (token !== undefined && expiresAt !== null && !origins) return { token, expiresAt };
    throw new Problem(
      'internal',
      'The issuer of the playlist signer must issue tokens that all its upstreams accept.',
      { hint: 'Give the playlist signer an issuer such as jwtIssuer, not issuersByOrigin or one of a CDN.' },
    );
  }
}
