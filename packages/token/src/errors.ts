import { readSafely, redactText } from './redact.js';

/** Errors of the token endpoint, the page's token source, or a token itself. */
export type TokenErrorCode =
  | 'revoked'
  | 'concurrent-limit'
  | 'moved'
  | 'token-endpoint-unreachable'
  | 'token-endpoint-timeout'
  | 'token-endpoint-failed'
  | 'token-refused'
  | 'token-source-missing'
  | 'token-source-failed'
  | 'token-response-invalid'
  | 'token-response-too-large'
  | 'token-stream-missing'
  | 'token-time-unit'
  | 'token-expired'
  | 'token-not-yet-valid'
  | 'token-unchanged'
  | 'token-rejected'
  | 'token-timeout'
  | 'token-unbound'
  | 'proof-unavailable';

/** Codes of a refusal that ends the access to a stream, as in the backend's problem document. */
export type AccessEndCode = Extract<TokenErrorCode, 'revoked' | 'concurrent-limit' | 'moved'>;

/** Errors of playback, apart from those of its token. */
export type PlayerErrorCode =
  | 'option-invalid'
  | 'source-missing'
  | 'source-not-found'
  | 'source-not-hls'
  | 'source-invalid'
  | 'source-too-large'
  | 'source-unreachable'
  | 'source-failed'
  | 'source-origin-not-allowed'
  | 'codec-unsupported'
  | 'media-failed'
  | 'playback-stalled'
  | 'engine-load-failed'
  | 'engine-unsupported'
  | 'playlist-signer-failed'
  | 'vendor-script-failed'
  | 'vendor-script-not-allowed'
  | 'vendor-player-failed';

/** Errors of a broadcast, apart from those of its token. */
export type BroadcastErrorCode =
  | 'insecure-page'
  | 'permission-denied'
  | 'device-not-found'
  | 'device-in-use'
  | 'device-failed'
  | 'device-lost'
  | 'capture-unsupported'
  | 'webrtc-unsupported'
  | 'codec-unavailable'
  | 'ingest-not-found'
  | 'ingest-refused'
  | 'ingest-conflict'
  | 'ingest-unreachable'
  | 'ingest-failed'
  | 'ingest-response-invalid'
  | 'connection-lost'
  | 'media-stopped'
  | 'off-air'
  | 'settings-invalid'
  | 'publisher-unsupported'
  | 'publisher-load-failed'
  | 'publisher-failed'
  | 'vendor-publisher-failed';

export type ErrorCode = TokenErrorCode | PlayerErrorCode | BroadcastErrorCode;

export interface GatecastErrorOptions {
  /** What to change, naming the exact option. */
  hint: string;
  /** Can the same attempt succeed later without a change by the page? @defaultValue false */
  retryable?: boolean | undefined;
  /** HTTP status that caused the error. */
  status?: number | undefined;
  /** `Retry-After` of the server, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** The vendor's own code, unchanged. */
  vendorCode?: number | string | undefined;
  /** The backend's text for the viewer, why it has ended the access; only a text counts, up to 200 characters. */
  reason?: unknown;
  cause?: unknown;
}

const REASON_LIMIT = 200;

/**
 * The error class of all Gatecast packages: `code` for programs, `message` says what failed, `hint` says what to do.
 *
 * Its text is redacted on construction: tokens that the page has received, texts that look like one, and signed queries.
 */
export class GatecastError extends Error {
  override readonly name = 'GatecastError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly vendorCode: number | string | undefined;
  /**
   * Why the backend has ended the access, in its own words: up to 200 characters, for the codes `revoked`, `concurrent-limit` and
   * `moved`. Show it as text only. Logs and `toJSON()` do not contain it.
   */
  readonly reason: string | undefined;

  constructor(code: ErrorCode, message: string, options: GatecastErrorOptions) {
    super(
      redactText(message),
      'cause' in options ? { cause: readSafely(() => redactedCause(options.cause)) } : undefined,
    );
    this.code = code;
    this.hint = redactText(options.hint);
    this.retryable = options.retryable ?? false;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    const { vendorCode, reason } = options;
    this.vendorCode = typeof vendorCode === 'string' ? redactText(vendorCode) : vendorCode;
    this.reason = typeof reason === 'string' ? redactText(reason.slice(0, REASON_LIMIT)) : undefined;
  }

  toJSON(): Record<string, unknown> {
    const { code, message, hint, retryable, status, vendorCode } = this;
    return { code, message, hint, retryable, status, vendorCode };
  }
}

/** The error when the origin refuses a request with the old token and with a new one. */
export function freshTokenRejected(stream: string, status?: number): GatecastError {
  return new GatecastError(
    'token-rejected',
    `The origin refuses the stream "${stream}", even with a new token.`,
    {
      hint: 'Compare the token’s claims (sub, aud, kid) and token-placement with what the origin expects.',
      // Its keys may be older than the token: after a rotation many origins learn the new key a little later.
      retryable: true,
      status,
    },
  );
}

/** Other code's errors may contain the request, so only the name and the redacted message are kept. */
function redactedCause(cause: unknown): unknown {
  if (cause === undefined || cause instanceof GatecastError) return cause;
  if (typeof cause === 'string') return redactText(cause);
  // `String()` would call code of the thrown value, which may itself throw.
  if (!(cause instanceof Error)) return Object.prototype.toString.call(cause);
  const { message, name }: { message: unknown; name: unknown } = cause;
  const copy = new Error(typeof message === 'string' ? redactText(message) : '');
  if (typeof name === 'string') copy.name = redactText(name);
  return copy;
}
