import { peekPlaylist, pickVariant, type PeekedPlaylist, type PeekedResource } from '@gatecast/contract';
import type { Playlists } from '../shared-playlists.js';

/** Init segment, if any, and media segment that playback begins with. */
export interface ChosenMedia {
  readonly resources: readonly PeekedResource[];
  /** Longest duration of a segment in milliseconds. */
  readonly segmentMs: number;
}

/** Codecs that each browser with HLS decodes: H.264 and AAC. */
const COMMON_CODEC = /^\s*(?:avc1|avc3|mp4a)(?:\.|\s*$)/;

/**
 * Chooses the media that the player begins with, from the playlists of the same response. Pure.
 *
 * @param first - address of the first playlist.
 * @param bandwidthBps - what the player expects of its connection, in bits per second.
 * @returns `null` if the choice depends on what the browser decodes, on a playlist that is not there, or on the engine.
 */
export function chooseMedia(first: string, playlists: Playlists, bandwidthBps: number): ChosenMedia | null {
  const playlist = peek(first, playlists);
  if (playlist?.kind !== 'multivariant') return mediaOf(playlist);
  // With alternate audio and the like, the engine chooses what it requests first.
  if (playlist.needsFullBuild) return null;
  const { variants } = playlist;
  const best = pickVariant(variants, bandwidthBps, () => true);
  const common = pickVariant(variants, bandwidthBps, isCommon);
  return best && best === common ? mediaOf(peek(best.url, playlists)) : null;
}

function isCommon(codecs: string): boolean {
  return codecs.split(',').every((codec) => COMMON_CODEC.test(codec));
}

function mediaOf(playlist: PeekedPlaylist | null): ChosenMedia | null {
  if (playlist?.kind !== 'media' || playlist.first.length === 0) return null;
  return { resources: playlist.first, segmentMs: playlist.targetDurationMs };
}

function peek(url: string, playlists: Playlists): PeekedPlaylist | null {
  const text = Object.hasOwn(playlists, url) ? playlists[url] : undefined;
  if (text === undefined) return null;
  try {
    return peekPlaylist(text, url, () => new TypeError('An address in the playlist is not a URL.'));
  } catch {
    return null;
  }
}
