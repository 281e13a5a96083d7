import { GatecastError } from '@gatecast/token';
import { peekPlaylist } from '../../loading/peek-playlist.js';

/** Facts about a stream that a native player does not report reliably. */
export interface PlaylistFacts {
  /** Read from the playlist: `duration`, `seekable` and `ended` are wrong in some browsers. */
  readonly isLive: boolean;
  readonly targetDurationMs: number;
  /** Are segments on another origin than their playlist? */
  readonly isCrossOrigin: boolean;
}

export interface FetchedPlaylist {
  readonly text: string;
  /** The base of its relative addresses. */
  readonly url: string;
}

/**
 * Reads a media playlist, or the first one of a multivariant playlist.
 *
 * @param targetOf - where a segment's address leads to in the end, if it is redirected.
 * @throws GatecastError `source-not-hls`, or what `fetchPlaylist` throws.
 */
export async function readPlaylistFacts(
  url: string,
  fetchPlaylist: (url: string) => Promise<FetchedPlaylist>,
  targetOf = (segmentUrl: string): string => segmentUrl,
): Promise<PlaylistFacts> {
  const first = await fetchPlaylist(url);
  const top = peekPlaylist(first.text, first.url);
  const variant = top.kind === 'multivariant' ? top.variants[0] : undefined;
  const second = variant ? await fetchPlaylist(variant.url) : first;
  const media = variant ? peekPlaylist(second.text, second.url) : top;
  if (media.kind !== 'media') {
    throw new GatecastError(
      'source-not-hls',
      'What answers at the playlist’s address is not an HLS playlist.',
      {
        hint: 'src must name an .m3u8 playlist, which begins with #EXTM3U; a web page there is often a login or an error page.',
      },
    );
  }
  const { origin } = new URL(second.url);
  return {
    isLive: media.isLive,
    targetDurationMs: media.targetDurationMs,
    isCrossOrigin: media.first.some((resource) => new URL(targetOf(resource.url)).origin !== origin),
  };
}
