import { GatecastError } from '@gatecast/token';

/** There is no source, or nothing in it that could be played. */
export function missingSource(): GatecastError {
  return new GatecastError('source-missing', 'There is nothing to play.', {
    hint: 'Set src, <source> children, or source with entries that have "hls" or "h5live".',
  });
}

/** @param what - the address or the part that is not HLS. */
export function notHls(what: string): GatecastError {
  return new GatecastError('source-not-hls', `${what} is not an HLS playlist.`, {
    hint: 'src must name an .m3u8 that begins with #EXTM3U. A login page may be in its place.',
  });
}

export function unsupportedCodec(cause?: unknown): GatecastError {
  return new GatecastError('codec-unsupported', 'This browser cannot decode the stream’s codecs.', {
    hint: 'Offer a rendition in H.264 and AAC.',
    cause,
  });
}

/** @param what - the address or the part that did not arrive. */
export function unreachableSource(what: string, cause?: unknown): GatecastError {
  return new GatecastError('source-unreachable', `${what} cannot be reached.`, {
    hint: 'Check the network, src, and that the origin’s CORS headers allow this page.',
    retryable: true,
    cause,
  });
}
