import { tokenProblemStatus, type TokenProblem } from '@gatecast/contract';
import { textResponse } from './text-response.js';

const STATUS = {
  ...tokenProblemStatus,
  'not-found': 404,
  'grant-exceeded': 500,
  'token-missing': 401,
  'token-invalid': 403,
  'token-expired': 403,
  'token-not-yet-valid': 403,
  'token-wrong-stream': 403,
  'token-wrong-audience': 403,
  'token-revoked': 403,
  'token-not-bound': 403,
  'revocation-list-full': 507,
  'keys-unavailable': 503,
  'playlist-cookie-missing': 401,
  'playlist-cookie-invalid': 403,
  'upstream-not-allowed': 403,
  'upstream-refused': 403,
  'upstream-not-found': 404,
  'upstream-failed': 502,
  'upstream-timeout': 504,
  'playlist-invalid': 502,
  'playlist-too-large': 502,
  'playlist-unsupported': 502,
} as const;

/** Codes of all problems that this package responds with. The documentation describes each. */
export type ProblemCode = keyof typeof STATUS;

/** All codes, for documentation and tests. */
export const problemCodes: readonly string[] = Object.keys(STATUS);

/** Without the members that every object inherits: plain JavaScript may name any code. */
const STATUS_OF: ReadonlyMap<string, number> = new Map(Object.entries(STATUS));

export interface ProblemOptions {
  /** Which field or option to change. Sent to the caller. @defaultValue none */
  hint?: string | undefined;
  /** Why the backend has ended an access, a short text of its own for support and logs. Sent to the caller. @defaultValue none */
  reason?: string | undefined;
  /** HTTP status, 400 to 599; 500 replaces any other. @defaultValue the status of the code, 500 for an unknown code */
  status?: number | undefined;
  /** Seconds until the caller may retry, sent as `Retry-After`. @defaultValue none */
  retryAfterSeconds?: number | undefined;
  /** Error code of a vendor, unchanged. @defaultValue none */
  vendorCode?: number | string | undefined;
  /** Additional response headers. One that HTTP does not allow, such as a value with a line end, is not sent. @defaultValue none */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Original error. Its name is logged, and it is never sent. */
  cause?: unknown;
}

/**
 * An error with the response to send: `application/problem+json` of RFC 9457. Throw one from `authorize` to choose the
 * response.
 *
 * @example
 * ```ts
 * throw new Problem('unauthenticated', 'The session has expired.', { hint: 'Sign in again.' });
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly hint: string | undefined;
  readonly reason: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly vendorCode: number | string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  /** @param message - what failed, in one sentence. It is sent to the caller, so it must not contain a secret. */
  constructor(code: ProblemCode, message: string, options: ProblemOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = errorStatus(options.status ?? STATUS_OF.get(code));
    this.hint = options.hint;
    this.reason = options.reason;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.vendorCode = options.vendorCode;
    this.headers = options.headers ?? {};
  }

  /** Members of the `application/problem+json` document. */
  toJSON(): TokenProblem {
    const { code, status, message, hint, reason, vendorCode } = this;
    return {
      type: 'about:blank',
      title: code.replaceAll('-', ' '),
      status,
      code,
      detail: message,
      ...(hint !== undefined && { hint }),
      ...(reason !== undefined && { reason }),
      ...(vendorCode !== undefined && { vendorCode }),
    };
  }

  /** The problem as a response with `Cache-Control: no-store`. */
  toResponse(): Response {
    const headers = new Headers(Object.entries(this.headers).filter(isHeader));
    headers.set('Content-Type', 'application/problem+json');
    headers.set('Cache-Control', 'no-store');
    if (Number.isFinite(this.retryAfterSeconds ?? NaN))
      headers.set('Retry-After', String(Math.ceil(this.retryAfterSeconds ?? 0)));
    // Required for a 401 (RFC 9110 section 15.5.2).
    if (this.status === 401 && !headers.has('WWW-Authenticate')) headers.set('WWW-Authenticate', 'Bearer');
    return textResponse(JSON.stringify(this), { status: this.status, headers });
  }
}

/** A problem is always an error: with another status, a refusal would look like a success. */
function errorStatus(status: number | undefined): number {
  return Number.isInteger(status) && status !== undefined && status >= 400 && status <= 599 ? status : 500;
}

/** Names and values that HTTP allows (RFC 9110 sections 5.1 and 5.5). `Headers` throws for others. */
function isHeader([name, value]: readonly [string, unknown]): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(String(value));
}
