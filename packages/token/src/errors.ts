import { redactText } from './redact.js';

/** What went wrong between the page and its token backend, or between a token and the origin it is for. */
export type TokenErrorCode =
  | 'token-endpoint-unreachable'
  | 'token-endpoint-timeout'
  | 'token-endpoint-failed'
  | 'token-refused'
  | 'token-source-missing'
  | 'token-source-failed'
  | 'token-response-invalid'
  | 'token-stream-missing'
  | 'token-time-unit'
  | 'token-expired'
  | 'token-not-yet-valid'
  | 'token-unchanged'
  | 'token-rejected'
  | 'token-timeout';

/** What keeps a stream from playing, apart from its token. */
export type PlayerErrorCode =
  | 'option-invalid'
  | 'source-missing'
  | 'source-not-found'
  | 'source-not-hls'
  | 'source-unreachable'
  | 'source-failed'
  | 'codec-unsupported'
  | 'media-failed'
  | 'playback-stalled'
  | 'engine-load-failed'
  | 'engine-unsupported'
  | 'playlist-signer-failed'
  | 'vendor-script-failed'
  | 'vendor-player-failed';

/** What keeps a broadcast from going or staying on air, apart from its token. */
export type BroadcastErrorCode =
  | 'insecure-page'
  | 'permission-denied'
  | 'device-not-found'
  | 'device-in-use'
  | 'device-failed'
  | 'capture-unsupported'
  | 'webrtc-unsupported'
  | 'codec-unavailable'
  | 'ingest-not-found'
  | 'ingest-refused'
  | 'ingest-conflict'
  | 'ingest-unreachable'
  | 'ingest-failed'
  | 'connection-lost'
  | 'settings-invalid'
  | 'publisher-unsupported'
  | 'publisher-load-failed'
  | 'publisher-failed'
  | 'vendor-publisher-failed';

export type ErrorCode = TokenErrorCode | PlayerErrorCode | BroadcastErrorCode;

export interface GatecastErrorOptions {
  /** What to change, naming the exact option. */
  hint: string;
  /** Can the same attempt succeed later without the page doing anything? @defaultValue false */
  retryable?: boolean | undefined;
  /** HTTP status that caused it. */
  status?: number | undefined;
  /** How long the server asked us to wait, in milliseconds (`Retry-After`). */
  retryAfterMs?: number | undefined;
  /** A vendor's own code, kept as it came. */
  vendorCode?: number | string | undefined;
  cause?: unknown;
}

/**
 * The one error class of the kit: `code` for programs, `message` for what failed, `hint` for what to do.
 *
 * What is text in it is redacted on construction, so that no token or signed query leaves through an error.
 */
export class GatecastError extends Error {
  override readonly name = 'GatecastError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly vendorCode: number | string | undefined;

  constructor(code: ErrorCode, message: string, options: GatecastErrorOptions) {
    super(redactText(message), 'cause' in options ? { cause: redactedCause(options.cause) } : undefined);
    this.code = code;
    this.hint = redactText(options.hint);
    this.retryable = options.retryable ?? false;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    const { vendorCode } = options;
    this.vendorCode = typeof vendorCode === 'string' ? redactText(vendorCode) : vendorCode;
  }

  toJSON(): Record<string, unknown> {
    const { code, message, hint, retryable, status, vendorCode } = this;
    return { code, message, hint, retryable, status, vendorCode };
  }
}

/** The typed end of a request whose repetition with a fresh token was refused as well. */
export function freshTokenRejected(stream: string, status?: number): GatecastError {
  return new GatecastError(
    'token-rejected',
    `The origin refuses the stream "${stream}" also with a fresh token.`,
    {
      hint: 'Compare the token’s claims (sub, aud, kid) with what the origin expects, and token-placement with where it looks.',
      status,
    },
  );
}

/** A foreign error may quote the request it belongs to; only its name and its redacted message are kept. */
function redactedCause(cause: unknown): unknown {
  if (cause === undefined || cause instanceof GatecastError) return cause;
  if (typeof cause === 'string') return redactText(cause);
  // `String()` would run whatever the page threw, and may itself throw.
  if (!(cause instanceof Error)) return Object.prototype.toString.call(cause);
  const { message }: { message: unknown } = cause;
  const copy = new Error(typeof message === 'string' ? redactText(message) : '');
  copy.name = cause.name;
  return copy;
}
