import type { GatecastError } from '@gatecast/token';
import type { ErrorData } from 'hls.js';
import { mediaFailed, notHls, unreachableSource, unsupportedCodec } from '../../source/source-errors.js';

/** How to recover from a fatal error of hls.js, if at all. */
export type HlsRemedy =
  /** Loading can be resumed at the current position. */
  | { readonly kind: 'resume'; readonly error: GatecastError }
  /** The decoder can be set up again. */
  | { readonly kind: 'recover-media'; readonly error: GatecastError }
  | { readonly kind: 'give-up'; readonly error: GatecastError };

/**
 * Decides how to recover from a fatal error of hls.js.
 *
 * @param cause - the typed error of the request that failed; `null` if no request failed.
 */
export function readHlsError(data: ErrorData, cause: GatecastError | null): HlsRemedy {
  const { details } = data;
  if (/codec/i.test(details)) return { kind: 'give-up', error: unsupportedCodec(data.error) };
  if ((data.type as string) !== 'networkError')
    return { kind: 'recover-media', error: mediaFailed(details, data.error) };
  if (details.endsWith('ParsingError'))
    return { kind: 'give-up', error: notHls(`The response (${details})`) };
  if (cause && !cause.retryable) return { kind: 'give-up', error: cause };
  return {
    kind: 'resume',
    error: cause ?? unreachableSource(/^frag|^key/.test(details) ? 'A segment' : 'A playlist'),
  };
}
