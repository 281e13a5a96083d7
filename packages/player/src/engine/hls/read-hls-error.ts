import { outlook, type GatecastError } from '@gatecast/token';
import { mediaFailed, notHls, unreachableSource, unsupportedCodec } from '../../source/source-errors.js';

/** How to recover from a fatal error of hls.js, if at all. */
export type HlsRemedy =
  /** Loading can be resumed at the current position. */
  | { readonly kind: 'resume'; readonly error: GatecastError }
  /** The decoder can be set up again. */
  | { readonly kind: 'recover-media'; readonly error: GatecastError }
  | { readonly kind: 'give-up'; readonly error: GatecastError };

/** What is read from the `ErrorData` of hls.js. */
export interface HlsFailure {
  readonly type: string;
  readonly details: string;
  readonly error?: Error;
  /** The response that failed; `code` is its HTTP status, 0 for none. */
  readonly response?: { readonly code?: number } | undefined;
  /** The segment; `levelkeys` are its keys by KEYFORMAT. */
  readonly frag?: { readonly levelkeys?: Readonly<Record<string, unknown>> | undefined } | undefined;
}

/** Is it one of encrypted media? Without a licence server for the stream, hls.js says that the key cannot be loaded. */
export function isLicenceError({ type, error }: HlsFailure): boolean {
  return type === 'keySystemError' || /emeEnabled|frag\.decr/.test(error?.message ?? '');
}

/**
 * Decides how to recover from a fatal error of hls.js.
 *
 * @param cause - the typed error of the request that failed; `null` if no request failed.
 * @param hasPlayed - has this source played?
 */
export function readHlsError(data: HlsFailure, cause: GatecastError | null, hasPlayed: boolean): HlsRemedy {
  const { details, type } = data;
  if (/codec/i.test(details)) return { kind: 'give-up', error: unsupportedCodec(data.error) };
  if (type !== 'networkError') return { kind: 'recover-media', error: mediaFailed(details, data.error) };
  const error = cause ?? withoutRequest(details);
  return { kind: outlook(error, { hasWorked: hasPlayed }) === 'passes' ? 'resume' : 'give-up', error };
}

/** The error when hls.js has loaded a response but cannot use it, or has no response. */
function withoutRequest(details: string): GatecastError {
  if (details.endsWith('ParsingError')) return notHls(`The response (${details})`);
  return unreachableSource(/^frag|^key/.test(details) ? 'A segment' : 'A playlist');
}
