import { GatecastError, unreachableSource } from '@gatecast/token';

export { invalidSource, tooLargeSource, unreachableSource } from '@gatecast/token';

/**
 * The error for a missing source, or one without a playable entry.
 *
 * @param reasons - why entries cannot be played.
 */
export function missingSource(reasons: readonly string[] = []): GatecastError {
  return new GatecastError(
    'source-missing',
    ['The player has no source that it can play.', ...reasons].join(' '),
    {
      hint: 'Set src, <source> children, or source with entries that have "hls", "whep", "h5live" or "bintu".',
    },
  );
}

/** @param what - the address or the response that is not HLS. */
export function notHls(what: string): GatecastError {
  return new GatecastError('source-not-hls', `${what} is not an HLS playlist.`, {
    hint: 'Set src to an .m3u8 playlist, which begins with #EXTM3U. The server may return a login page.',
  });
}

/** @param what - the address of a playlist that is empty or has no segments, which passes when its encoder starts. */
export function emptyPlaylist(what: string): GatecastError {
  return new GatecastError('source-not-hls', `${what} is an HLS playlist without segments.`, {
    hint: 'Check whether the live stream has started, and the log of the packager.',
    retryable: true,
  });
}

export function unsupportedCodec(cause?: unknown): GatecastError {
  return new GatecastError('codec-unsupported', 'This browser cannot decode the stream’s codecs.', {
    hint: 'Add a rendition in H.264 and AAC, and check CODECS in the playlist.',
    cause,
  });
}

/**
 * The typed form of any error; `null` for an abort, which is a decision of the caller. An error without a type is a fault
 * in the code of an engine or of the browser.
 */
export function asPlaybackError(cause: unknown): GatecastError | null {
  if (cause instanceof GatecastError) return cause;
  const name = cause instanceof DOMException ? cause.name : '';
  if (name === 'AbortError') return null;
  if (name === 'TimeoutError') return unreachableSource('The source', cause);
  return mediaFailed('see the cause', cause);
}

export function mediaFailed(details: string, cause: unknown): GatecastError {
  return new GatecastError('media-failed', `The browser could not play the media (${details}).`, {
    hint: 'Check the encoder: codecs, timestamps and keyframes must fit the playlist.',
    retryable: true,
    cause,
  });
}
