/**
 * The codes with which the token endpoint of `@gatecast/server` refuses or fails, and the HTTP status of each. Another
 * backend may use codes of its own: clients decide by the status.
 */
export const tokenProblemStatus = {
  'request-invalid': 400,
  'request-too-large': 413,
  'request-timeout': 408,
  'media-type-unsupported': 415,
  'method-not-allowed': 405,
  unauthenticated: 401,
  forbidden: 403,
  'purpose-unsupported': 403,
  'rate-limited': 429,
  'too-many-streams': 403,
  // The caller cannot repair these: they concern this server and the vendor's service behind it.
  'issuer-parameter-invalid': 500,
  'vendor-refused': 502,
  'vendor-failed': 502,
  'vendor-timeout': 504,
  'vendor-unavailable': 503,
  'store-unavailable': 503,
  internal: 500,
} as const;

export type TokenProblemCode = keyof typeof tokenProblemStatus;

/**
 * A refusal or failure as `application/problem+json`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export interface TokenProblem {
  /** `about:blank`: the HTTP status says all that a type would. */
  readonly type?: string;
  /** The code in words. */
  readonly title?: string;
  /** HTTP status. */
  readonly status?: number;
  /** Stable code for programs. Another backend may have codes of its own. */
  readonly code: string;
  /** What failed, in one sentence. */
  readonly detail?: string;
  /** What to change. */
  readonly hint?: string;
  /** Code of the vendor's service behind the endpoint, unchanged. */
  readonly vendorCode?: number | string;
}
