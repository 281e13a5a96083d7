import type { TokenPart, TokenPurpose } from '@gatecast/contract';
import type { Confirmation } from '../dpop/confirmation.js';
import type { StreamGrant } from '../grant/grant.js';

/** A request for one token, after `authorize` allowed it. */
export interface IssueRequest {
  readonly purpose: TokenPurpose;
  readonly stream: string;
  /** What `authorize` allows for this stream. A token that ends later than it allows is refused with `grant-exceeded`. */
  readonly grant: StreamGrant;
  /** User that `authorize` returned. */
  readonly user?: string | undefined;
  /** Key to which the token must be bound: set the claim `cnf` to this value (RFC 9449 section 6.1). */
  readonly confirmation?: Confirmation | undefined;
  /**
   * Must the token have an id by which it can be revoked? If the issuer can, it sets the claim `jti` to `grant.id`.
   *
   * @defaultValue false
   */
  readonly needsId?: boolean | undefined;
  /** Aborts when the client closes the connection. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * An issued token: `token`, `security`, or fields with a place of their own (`query`, `headers`, `path`, `cookie`, `url`).
 *
 * `expiresAt` is `null` only for a security object of STS that was requested without an end. The token endpoint accepts it if
 * the grant has no end either.
 */
export interface IssuedToken extends TokenPart {
  /** Expiry, NumericDate seconds, or `null` for a security object without an end. */
  readonly expiresAt: number | null;
  /** Claim `jti` of the token, if it has one. */
  readonly tokenId?: string;
  /**
   * Does the CDN renew the token in a cookie? A page cannot see the end of that cookie: its item has no `expiresAt`, and the page
   * requests another token when the CDN refuses this one. @defaultValue false
   */
  readonly isRenewedInCookie?: boolean;
  /** Values of `Set-Cookie` for the response, for a token with `cookie`. */
  readonly setCookies?: readonly string[];
  /**
   * Tokens for the same stream at other origins, at most 15, none with `further` of its own. Each of them, and this one, has
   * `origins`.
   */
  readonly further?: readonly IssuedToken[];
}

/**
 * Issues tokens: signs them, or requests them from a vendor's service. Write your own as an object with this method.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519
 */
export interface TokenIssuer {
  /** @throws Problem if the issuer cannot issue the token. */
  issue(request: IssueRequest): Promise<IssuedToken>;
  /** Set `false` if the issuer cannot set `cnf`. Requests with a proof are then refused before `issue` is called. */
  readonly bindsTokens?: boolean;
}
