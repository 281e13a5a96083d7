import type { SecurityObject, TokenPurpose } from '@gatecast/contract';

/** Where a token may be used, for issuers whose service can bind it; the others refuse. */
export interface TokenRestrictions {
  /** Viewer's address. */
  readonly ip?: string;
  /** Domain name of the embedding page. */
  readonly referer?: string;
  /** Free text that shows up in the vendor's analytics. */
  readonly tag?: string;
}

/** What `authorize` allows for one stream. Every member is optional: the issuer's own options fill the gaps. */
export interface StreamGrant {
  /** Lifetime in seconds. */
  readonly ttlSeconds?: number;
  /** Further claims. `exp`, `nbf` and `iat` (NumericDate seconds) given here win over the computed ones. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly restrictions?: TokenRestrictions;
}

export interface IssueRequest {
  readonly purpose: TokenPurpose;
  readonly stream: string;
  readonly grant: StreamGrant;
  /** Who it is for, as `authorize` named them. */
  readonly user?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A token as it goes out: `token` or `security`. */
export interface IssuedToken {
  readonly token?: string;
  readonly security?: SecurityObject;
  /** NumericDate seconds. */
  readonly expiresAt: number;
  /** `jti` of the token, if it has one. */
  readonly tokenId?: string;
}

/** Makes tokens, or fetches them from a vendor. */
export interface TokenIssuer {
  /** @throws Problem if the issuer cannot make the token. */
  issue(request: IssueRequest): Promise<IssuedToken>;
}
