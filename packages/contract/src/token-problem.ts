/**
 * The problem codes of the token endpoint of `@gatecast/server`, with their HTTP status. Other backends may use other codes:
 * clients use only the status.
 */
export const tokenProblemStatus = {
  'request-invalid': 400,
  'request-too-large': 413,
  'request-timeout': 408,
  'media-type-unsupported': 415,
  'method-not-allowed': 405,
  // Proof of possession. A token endpoint reports them with 400 (RFC 9449 section 5), a media origin with 401.
  'dpop-proof-missing': 400,
  'dpop-proof-invalid': 400,
  'dpop-nonce-required': 400,
  unauthenticated: 401,
  forbidden: 403,
  'purpose-unsupported': 403,
  'rate-limited': 429,
  'concurrent-limit': 403,
  // The backend has ended the access. The page shows why, and requests no token until it is allowed again.
  revoked: 403,
  moved: 403,
  // Faults of this server or of the vendor's service. The caller cannot fix them.
  'issuer-parameter-invalid': 500,
  'issuer-cannot-bind': 500,
  'vendor-refused': 502,
  'vendor-failed': 502,
  'vendor-timeout': 504,
  'vendor-unavailable': 503,
  'store-unavailable': 503,
  internal: 500,
} as const;

export type TokenProblemCode = keyof typeof tokenProblemStatus;

/**
 * The body of an error response, `application/problem+json`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export interface TokenProblem {
  /** `about:blank`: the problem type adds nothing to the HTTP status. */
  readonly type?: string;
  /** The code in words. */
  readonly title?: string;
  /** HTTP status. */
  readonly status?: number;
  /** Stable code for programs. Other backends may use other codes. */
  readonly code: string;
  /** What failed, in one sentence. */
  readonly detail?: string;
  /** What to change. */
  readonly hint?: string;
  /** Why the backend has ended the access, in its own words: a short text for the viewer’s support and for logs. */
  readonly reason?: string;
  /** Code of the vendor's service behind the endpoint, unchanged. */
  readonly vendorCode?: number | string;
}
