import { redactUrl } from '@gatecast/token';
import type { ResolvedEntry, ResolvedSource } from '../source/player-source.js';
import {
  emptyPlaylist,
  missingSource,
  notHls,
  unreachableSource,
  unsupportedCodec,
} from '../source/source-errors.js';
import type { EarlyRequests } from './early-requests.js';
import {
  peekPlaylist,
  pickVariant,
  type PeekedPlaylist,
  type PeekedResource,
  type PlaybackBegin,
} from './peek-playlist.js';

/** Attribute of a composed variant that holds the index of its entry. */
export const ENTRY_ATTRIBUTE = 'X-ENTRY-INDEX';

/** Address of the multivariant playlist that is composed from entries. It is never requested. */
export const COMPOSED_URL = 'https://gatecast.invalid/entries.m3u8';

/** What the engine must load, and what is already known about it. */
export interface StartPlan {
  /** First playlist: the source's own, or {@link COMPOSED_URL}. */
  readonly url: string;
  /** Variant to begin with, if there is a choice. */
  readonly startUrl: string | null;
  readonly needsFullBuild: boolean;
  /** RFC 6381 codecs of that variant; missing or empty if the playlist does not say, `null` if no playlist is known yet. */
  readonly codecs?: string | null;
  /** The first segments, if they can be shown before the engine is there. */
  readonly first?: Promise<FirstSegments | null>;
}

/** The segments that playback begins with, which are requested. */
export interface FirstSegments {
  /** RFC 6381 codecs of their tracks. */
  readonly codecs: string;
  /** Playlist that names them. */
  readonly playlistUrl: string;
  readonly begin: PlaybackBegin;
  readonly isLive: boolean;
  readonly init: PeekedResource;
  readonly media: PeekedResource;
}

export interface StartOptions {
  readonly source: ResolvedSource;
  readonly early: EarlyRequests;
  /** Expected bandwidth in bits per second. */
  readonly bandwidthBps: number;
  /** Does this browser decode an RFC 6381 codecs string? */
  readonly isSupported: (codecs: string) => boolean;
}

/**
 * Follows the playlists from a source with one entry to the first segments and requests each as soon as it is known, while the
 * engine is still loading. Resolves when the first playlist is known; the requests after it continue.
 *
 * @throws GatecastError why the source cannot be played: `source-not-hls`, `codec-unsupported`, `source-not-found`, …
 */
export async function planStart(options: StartOptions): Promise<StartPlan> {
  const entry = pickEntry(options);
  return startWithPlaylist(entry.url, entry, options);
}

async function startWithPlaylist(
  url: string,
  entry: ResolvedEntry,
  options: StartOptions,
): Promise<StartPlan> {
  const { early, bandwidthBps, isSupported } = options;
  const playlist = await peek(url, entry.stream, early);
  switch (playlist.kind) {
    case 'none':
      throw (playlist.isEmpty ? emptyPlaylist : notHls)(redactUrl(url));
    case 'media':
      requestFirst(playlist, entry.stream, early);
      return {
        url,
        startUrl: null,
        needsFullBuild: playlist.needsFullBuild,
      };
    case 'multivariant': {
      const variant = pickVariant(playlist.variants, bandwidthBps, isSupported);
      if (!variant) throw unsupportedCodec();
      const { needsFullBuild, isForEngine } = playlist;
      const next = needsFullBuild ? null : peekNext(variant.url, entry.stream, early);
      return {
        url,
        startUrl: variant.url,
        codecs: variant.codecs,
        needsFullBuild,
        // The engine repeats a failed request with its own retries; this one only saves time.
        first: Promise.resolve(next).then(
          (found) => (found && !isForEngine ? { ...found, codecs: variant.codecs } : null),
          () => null,
        ),
      };
    }
  }
}

/** The entry to begin with. @throws GatecastError `source-missing` */
export function pickEntry({ source, bandwidthBps }: StartOptions): ResolvedEntry & { readonly url: string } {
  const { entries, startIndex } = source;
  const playable = entries.filter(hasUrl);
  const entry =
    playable.find(({ index }) => index === startIndex) ??
    playable.find(({ bitrateKbps }) => (bitrateKbps ?? Infinity) * 1000 <= bandwidthBps) ??
    playable.at(-1);
  if (!entry) throw missingSource();
  return entry;
}

function hasUrl(entry: ResolvedEntry): entry is ResolvedEntry & { readonly url: string } {
  return entry.url !== null;
}

async function peek(url: string, stream: string, early: EarlyRequests): Promise<PeekedPlaylist> {
  try {
    // A redirect changes the base of the addresses in it.
    const response = await early.playlist(url, stream);
    return peekPlaylist(String(response.data), response.url);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'TimeoutError')) throw error;
    throw unreachableSource(redactUrl(url));
  }
}

/** Requests a playlist, and then the first segments that it names. */
export async function peekNext(
  url: string,
  stream: string,
  early: EarlyRequests,
): Promise<Omit<FirstSegments, 'codecs'> | null> {
  const playlist = await peek(url, stream, early);
  requestFirst(playlist, stream, early);
  if (playlist.kind !== 'media' || !playlist.begin || playlist.needsFullBuild) return null;
  const { begin, isLive, first } = playlist;
  const [init, media] = first;
  return init && media ? { playlistUrl: url, begin, isLive, init, media } : null;
}

export function requestFirst(playlist: PeekedPlaylist, stream: string, early: EarlyRequests): void {
  if (playlist.kind !== 'media') return;
  for (const resource of playlist.first) early.segment(resource, stream);
}
