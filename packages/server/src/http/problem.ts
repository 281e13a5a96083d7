import { tokenProblemStatus, type TokenProblem } from '@gatecast/contract';
import { textResponse } from './text-response.js';

const STATUS = {
  ...tokenProblemStatus,
  'not-found': 404,
  'token-missing': 401,
  'token-invalid': 403,
  'token-expired': 403,
  'token-not-yet-valid': 403,
  'token-wrong-stream': 403,
  'token-wrong-audience': 403,
  'token-revoked': 403,
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

/** Every reason for which this server refuses or fails. Each has a heading in the documentation. */
export type ProblemCode = keyof typeof STATUS;

/** Every code, for documentation and tests. */
export const problemCodes: readonly string[] = Object.keys(STATUS);

export interface ProblemOptions {
  /** What to change, naming the exact field or option; sent to the caller. */
  hint?: string | undefined;
  /** HTTP status in place of the code's own. */
  status?: number | undefined;
  /** Seconds the caller should wait, sent as `Retry-After`. */
  retryAfterSeconds?: number | undefined;
  /** A vendor's own code, kept as it came. */
  vendorCode?: number | string | undefined;
  /** Further response headers. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** For the log only; never sent. */
  cause?: unknown;
}

/**
 * A refusal or failure as RFC 9457 describes it. Throw one from `authorize` to choose the answer.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly hint: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly vendorCode: number | string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  /** @param message - what failed, in one sentence; it is sent to the caller, so it must hold no secret. */
  constructor(code: ProblemCode, message: string, options: ProblemOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status ?? STATUS[code];
    this.hint = options.hint;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.vendorCode = options.vendorCode;
    this.headers = options.headers ?? {};
  }

  /** Members of the `application/problem+json` document. */
  toJSON(): TokenProblem {
    const { code, status, message, hint, vendorCode } = this;
    return {
      type: 'about:blank',
      title: code.replaceAll('-', ' '),
      status,
      code,
      detail: message,
      ...(hint !== undefined && { hint }),
      ...(vendorCode !== undefined && { vendorCode }),
    };
  }

  /** The problem as an HTTP answer that no cache keeps. */
  toResponse(): Response {
    const headers = new Headers(this.headers);
    headers.set('Content-Type', 'application/problem+json');
    headers.set('Cache-Control', 'no-store');
    if (this.retryAfterSeconds !== undefined)
      headers.set('Retry-After', String(Math.ceil(this.retryAfterSeconds)));
    // RFC 9110 section 15.5.2: a 401 names a scheme.
    if (this.status === 401 && !headers.has('WWW-Authenticate')) headers.set('WWW-Authenticate', 'Bearer');
    return textResponse(JSON.stringify(this), { status: this.status, headers });
  }
}
