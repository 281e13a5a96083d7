import { GatecastError } from '@gatecast/token';
import type { ErrorData } from 'hls.js';

/** What is to be done about a fatal error of hls.js. */
export type HlsRemedy =
  /** Loading may be resumed where it stands. */
  | { readonly kind: 'resume'; readonly error: GatecastError }
  /** The decoder may be set up anew. */
  | { readonly kind: 'recover-media'; readonly error: GatecastError }
  | { readonly kind: 'give-up'; readonly error: GatecastError };

/**
 * Reads a fatal error of hls.js.
 *
 * @param cause - the typed error of the request behind it, when a request was.
 */
export function readHlsError(data: ErrorData, cause: GatecastError | null): HlsRemedy {
  const { type, details } = data;
  const isPlaylist = /^(manifest|level|audioTrack|subtitleTrack)/.test(details);
  switch (type as string) {
    case 'networkError':
      if (details.endsWith('ParsingError')) return { kind: 'give-up', error: notHls(details) };
      if (cause && !cause.retryable) return { kind: 'give-up', error: cause };
      return { kind: 'resume', error: cause ?? unreachable(isPlaylist ? 'playlist' : 'segment') };
    case 'mediaError':
      if (/codec/i.test(details)) return { kind: 'give-up', error: unsupportedCodec(data) };
      return { kind: 'recover-media', error: mediaFailed(details, data.error) };
    default:
      if (/codec/i.test(details)) return { kind: 'give-up', error: unsupportedCodec(data) };
      return { kind: 'recover-media', error: mediaFailed(details, data.error) };
  }
}

function notHls(details: string): GatecastError {
  return new GatecastError('source-not-hls', `The playlist cannot be read (${details}).`, {
    hint: 'Check the playlist with an HLS validator; src must name an .m3u8 that begins with #EXTM3U.',
  });
}

function unreachable(what: string): GatecastError {
  return new GatecastError('source-unreachable', `A ${what} of the stream cannot be loaded.`, {
    hint: 'Check the network and the media origin.',
    retryable: true,
  });
}

function unsupportedCodec(data: ErrorData): GatecastError {
  return new GatecastError(
    'codec-unsupported',
    `This browser cannot decode the stream’s codecs (${data.details}).`,
    {
      hint: 'Offer a rendition in H.264 and AAC, which every browser plays.',
      cause: data.error,
    },
  );
}

function mediaFailed(details: string, cause: unknown): GatecastError {
  return new GatecastError('media-failed', `The media cannot be played (${details}).`, {
    hint: 'Try the stream in another browser; if it fails there too, look at how it is encoded.',
    retryable: true,
    cause,
  });
}
