import { GatecastError } from '@gatecast/token';
import type { ErrorData } from 'hls.js';
import { notHls, unreachableSource, unsupportedCodec } from '../../source/source-errors.js';

/** What is to be done about a fatal error of hls.js. */
export type HlsRemedy =
  /** Loading may be resumed where it stands. */
  | { readonly kind: 'resume'; readonly error: GatecastError }
  /** The decoder may be set up again. */
  | { readonly kind: 'recover-media'; readonly error: GatecastError }
  | { readonly kind: 'give-up'; readonly error: GatecastError };

/**
 * Reads a fatal error of hls.js.
 *
 * @param cause - the typed error of the request behind it, when a request was.
 */
export function readHlsError(data: ErrorData, cause: GatecastError | null): HlsRemedy {
  const { details } = data;
  if (/codec/i.test(details)) return { kind: 'give-up', error: unsupportedCodec(data.error) };
  if ((data.type as string) !== 'networkError')
    return { kind: 'recover-media', error: mediaFailed(details, data.error) };
  if (details.endsWith('ParsingError'))
    return { kind: 'give-up', error: notHls(`What was loaded (${details})`) };
  if (cause && !cause.retryable) return { kind: 'give-up', error: cause };
  return {
    kind: 'resume',
    error: cause ?? unreachableSource(/^frag|^key/.test(details) ? 'A segment' : 'A playlist'),
  };
}

function mediaFailed(details: string, cause: unknown): GatecastError {
  return new GatecastError('media-failed', `The media cannot be played (${details}).`, {
    hint: 'Check how the stream is encoded.',
    retryable: true,
    cause,
  });
}
