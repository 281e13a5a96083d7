import { redactUrl } from '@gatecast/token';
import type { ResolvedEntry, ResolvedSource } from '../source/player-source.js';
import { missingSource, notHls, unreachableSource, unsupportedCodec } from '../source/source-errors.js';
import type { EarlyRequests } from './early-requests.js';
import { peekPlaylist, pickVariant, type PeekedPlaylist } from './peek-playlist.js';

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
 * Follows the playlists from the source to the first segments and requests each as soon as it is known, while the
 * engine is still loading. Resolves when the first playlist is known; the requests after it continue.
 *
 * @throws GatecastError why the source cannot be played: `source-not-hls`, `codec-unsupported`, `source-not-found`, …
 */
export async function planStart(options: StartOptions): Promise<StartPlan> {
  const { source, early } = options;
  const [only] = source.entries;
  if (source.entries.length === 1 && only?.url) return startWithPlaylist(only.url, only, options);

  const entry = pickEntry(options);
  if (!entry?.url) {
    throw missingSource();
  }
  // The engine handles an entry that fails; these first requests only save time.
  peekNext(entry.url, entry.stream, early).catch(() => undefined);
  return {
    url: COMPOSED_URL,
    startUrl: entry.url,
    needsFullBuild: false,
  };
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
      throw notHls(redactUrl(url));
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
      if (!playlist.needsFullBuild) {
        // The engine repeats a failed request with its own retries; this one only saves time.
        peekNext(variant.url, entry.stream, early).catch(() => undefined);
      }
      return {
        url,
        startUrl: variant.url,
        needsFullBuild: playlist.needsFullBuild,
      };
    }
  }
}

function pickEntry({ source, bandwidthBps }: StartOptions): ResolvedEntry | null {
  const { entries, startIndex } = source;
  const playable = entries.filter((entry) => entry.url !== null);
  return (
    playable.find((entry) => entry.index === startIndex) ??
    playable.find((entry) => (entry.bitrateKbps ?? Infinity) * 1000 <= bandwidthBps) ??
    playable.at(-1) ??
    null
  );
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

async function peekNext(url: string, stream: string, early: EarlyRequests): Promise<void> {
  requestFirst(await peek(url, stream, early), stream, early);
}

function requestFirst(playlist: PeekedPlaylist, stream: string, early: EarlyRequests): void {
  if (playlist.kind !== 'media') return;
  for (const resource of playlist.first) early.segment(resource, stream);
}
