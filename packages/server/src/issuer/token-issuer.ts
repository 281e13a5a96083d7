import type { SecurityObject, TokenPurpose } from '@gatecast/contract';

/** Restrictions on the use of a token. An issuer that cannot apply `ip` or `referer` refuses the request. */
export interface TokenRestrictions {
  /** IP address of the viewer (IPv4 or IPv6). */
  readonly ip?: string;
  /** Domain name of the page that embeds the player, such as `www.example.com`. */
  readonly referer?: string;
  /** Label in the vendor's analytics, 1 to 256 characters. */
  readonly tag?: string;
}

/** Options of the token for one stream, from `authorize`. For members that are not set, the issuer's options apply. */
export interface StreamGrant {
  /** Lifetime in seconds, 1 to 31,536,000. */
  readonly ttlSeconds?: number;
  /** Additional claims. `exp`, `nbf` and `iat` (NumericDate seconds) override the computed ones. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly restrictions?: TokenRestrictions;
}

/** A request for one token, after `authorize` allowed it. */
export interface IssueRequest {
  readonly purpose: TokenPurpose;
  readonly stream: string;
  readonly grant: StreamGrant;
  /** User that `authorize` returned. */
  readonly user?: string | undefined;
  /** Aborts when the client closes the connection. */
  readonly signal?: AbortSignal | undefined;
}

/** An issued token: either `token` or `security`. */
export interface IssuedToken {
  readonly token?: string;
  readonly security?: SecurityObject;
  /** Expiry, NumericDate seconds. */
  readonly expiresAt: number;
  /** Claim `jti` of the token, if it has one. */
  readonly tokenId?: string;
}

/**
 * Issues tokens: signs them, or requests them from a vendor's service. Write your own as an object with this method.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519
 */
export interface TokenIssuer {
  /** @throws Problem if the issuer cannot issue the token. */
  issue(request: IssueRequest): Promise<IssuedToken>;
}
