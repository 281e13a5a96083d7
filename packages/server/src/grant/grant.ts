import type { OptionNames } from '../http/require-known-options.js';
import type { JWTPayload } from 'jose';
import { isNumericDate, toNumericDate, type TokenPurpose } from '@gatecast/contract';

/** Restrictions on the use of a token. An issuer that cannot apply `ip` or `referer` refuses the request. */
export interface TokenRestrictions {
  /** IP address of the viewer (IPv4 or IPv6). */
  readonly ip?: string;
  /** Domain name of the page that embeds the player, such as `www.example.com`. */
  readonly referer?: string;
  /** Label in the vendor's analytics, 1 to 256 characters. */
  readonly tag?: string;
}

export const restrictionNames: OptionNames<TokenRestrictions> = {
  ip: true,
  referer: true,
  tag: true,
};

/** Options of the token for one stream, from `authorize`. For members that are not set, the issuer's options apply. */
export interface StreamGrant {
  /** Lifetime in seconds, 1 to 31,536,000, counted from the moment at which the token is issued. */
  readonly ttlSeconds?: number;
  /** No token for this stream ends later: NumericDate seconds. `authorize` sets it with the claim `exp`. */
  readonly expiresAt?: number;
  /** Additional claims. `exp`, `nbf` and `iat` (NumericDate seconds) override the computed ones. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly restrictions?: TokenRestrictions;
  /** Id of the grant. An issuer that sets the claim `jti` uses it, so that all tokens of the grant are revoked together. */
  readonly id?: string;
}

/** What a caller may do with one stream. */
export interface GrantedStream extends StreamGrant {
  readonly stream: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly restrictions: TokenRestrictions;
  readonly id: string;
}

/**
 * What `authorize` allowed a caller: the one value from which all tokens are made. The token endpoint creates it, the
 * playlist cookie carries its streams, and issuers and the playlist signer can only narrow it.
 */
export interface Grant {
  readonly purpose: TokenPurpose;
  readonly user: string | undefined;
  readonly device: string | undefined;
  /** The granted streams, in the order of the request. Empty if `authorize` refused all of them. */
  readonly streams: readonly GrantedStream[];
}

/** A stream for which a token was issued: no other token of the same grant ends after `expiresAt`. */
export interface IssuedGrant extends GrantedStream {
  /** NumericDate seconds; `Infinity` after a token without an end. */
  readonly expiresAt: number;
}

/**
 * The latest end of a token that is issued at `nowMs`, in NumericDate seconds. `Infinity` if the grant leaves it to the
 * issuer.
 */
export function latestEnd({ claims, ttlSeconds, expiresAt = Infinity }: StreamGrant, nowMs: number): number {
  const exp = claims?.['exp'];
  // As documented, `exp` overrides the lifetime.
  if (isNumericDate(exp)) return Math.min(exp, expiresAt);
  return Math.min(expiresAt, ttlSeconds === undefined ? Infinity : toNumericDate(nowMs) + ttlSeconds);
}

/**
 * The grant after its token was issued, for the playlist cookie. Its end is absolute, and `exp` and `ttlSeconds` are gone,
 * so that a token made from it can be shorter.
 *
 * @param tokenId - claim `jti` of the issued token, if it has one.
 */
export function issuedGrant(granted: GrantedStream, expiresAt: number, tokenId?: string): IssuedGrant {
  const { exp: _, ...claims } = granted.claims;
  const { stream, restrictions, id } = granted;
  return { stream, claims, restrictions, id: tokenId ?? id, expiresAt };
}

/**
 * The claims by which a grant is found to be revoked: `jti` is its id. Pass them to the function that a verifier has as
 * `isRevoked`, such as `denyList(store, guard)`.
 *
 * @example
 * ```ts
 * if (await isRevoked?.(revocationClaims(grant))) throw new Problem('token-revoked', 'The grant has been revoked.');
 * ```
 */
export function revocationClaims({ stream, claims, id }: GrantedStream): JWTPayload {
  return { ...claims, sub: stream, jti: id };
}
