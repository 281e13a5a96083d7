import { redactUrl } from '@gatecast/token';
import { checkPlaylistPart } from '../../loading/check-playlist-part.js';
import { peekPlaylist } from '../../loading/peek-playlist.js';
import { notHls } from '../../source/source-errors.js';

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
 * @throws GatecastError `source-not-hls`, `source-invalid`, `source-too-large`, or what `fetchPlaylist` throws.
 */
export async function readPlaylistFacts(
  url: string,
  fetchPlaylist: (url: string) => Promise<FetchedPlaylist>,
  targetOf = (segmentUrl: string): string => segmentUrl,
): Promise<PlaylistFacts> {
  const fetchChecked = async (address: string): Promise<FetchedPlaylist> => {
    const [playlist, checkPlaylist] = await Promise.all([
      fetchPlaylist(address),
      checkPlaylistPart({ tries: 3 }),
    ]);
    checkPlaylist(playlist.text, playlist.url);
    return playlist;
  };
  const first = await fetchChecked(url);
  const top = peekPlaylist(first.text, first.url);
  const variant = top.kind === 'multivariant' ? top.variants[0] : undefined;
  const second = variant ? await fetchChecked(variant.url) : first;
  const media = variant ? peekPlaylist(second.text, second.url) : top;
  if (media.kind !== 'media') {
    throw notHls(redactUrl(second.url));
  }
  const { origin } = new URL(second.url);
  return {
    isLive: media.isLive,
    targetDurationMs: media.targetDurationMs,
    isCrossOrigin: media.first.some((resource) => new URL(targetOf(resource.url)).origin !== origin),
  };
}
