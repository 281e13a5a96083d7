/** Result of a token check: valid for the stream, or the error response. */
export type TokenVerdict = { readonly ok: true; readonly access?: SessionAccess } | TokenRefusal;

export interface TokenRefusal {
  readonly ok: false;
  readonly status: 401 | 403 | 503;
  readonly code: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a valid token permits, for sessions that last longer than a request. It does not show the token. */
export interface SessionAccess {
  /** The same for all requests with this token. It does not show the token. @defaultValue not known */
  readonly holder?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** Checks again that the token has not expired and is not revoked. The proof of a bound token is not needed again. */
  recheck(): Promise<TokenVerdict>;
}
