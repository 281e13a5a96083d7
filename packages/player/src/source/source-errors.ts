import { GatecastError } from '@gatecast/token';

/** The error for a missing source, or one without a playable entry. */
export function missingSource(): GatecastError {
  return new GatecastError('source-missing', 'There is nothing to play.', {
    hint: 'Set src, <source> children, or source with entries that have "hls" or "h5live".',
  });
}

/** @param what - the address or the response that is not HLS. */
export function notHls(what: string): GatecastError {
  return new GatecastError('source-not-hls', `${what} is not an HLS playlist.`, {
    hint: 'Set src to an .m3u8 playlist, which begins with #EXTM3U. The server may answer with a login page.',
  });
}

export function unsupportedCodec(cause?: unknown): GatecastError {
  return new GatecastError('codec-unsupported', 'This browser cannot decode the stream’s codecs.', {
    hint: 'Add a rendition in H.264 and AAC, and check CODECS in the playlist.',
    cause,
  });
}

/** @param what - the address or the kind of request that failed. */
export function unreachableSource(what: string, cause?: unknown): GatecastError {
  return new GatecastError('source-unreachable', `${what} cannot be reached.`, {
    hint: 'Check the network, src, and whether the origin’s CORS headers allow this page.',
    retryable: true,
    cause,
  });
}
