import { needsFullBuild } from './needs-full-build.js';

/** Expected bandwidth of an unknown connection in bits per second: the default of hls.js. */
export const UNKNOWN_BANDWIDTH_BPS = 500_000;

/** A variant of a multivariant playlist, with what the choice of the first one needs. */
export interface PeekedVariant {
  readonly url: string;
  readonly bandwidth: number;
  readonly codecs: string;
}

/** A byte range of a resource; `end` is exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** An init or media segment, as a playlist names it. */
export interface PeekedResource {
  readonly url: string;
  readonly range: ByteRange | null;
}

/** Where playback begins, in seconds from the start of a playlist. */
export interface PlaybackBegin {
  readonly positionS: number;
  /** Start of the first segment. */
  readonly segmentS: number;
  /** Length of all segments. */
  readonly totalS: number;
}

/** What is read from a playlist without the engine that parses it. */
export type PeekedPlaylist =
  | {
      readonly kind: 'multivariant';
      readonly variants: readonly PeekedVariant[];
      /** Does it need the full build of hls.js? Then its variants are more than video with sound. */
      readonly needsFullBuild: boolean;
      /** Are media encrypted, or do they begin where the playlist says? */
      readonly isForEngine: boolean;
    }
  | {
      readonly kind: 'media';
      readonly isLive: boolean;
      readonly targetDurationMs: number;
      readonly needsFullBuild: boolean;
      /** The init segment, if any, and the segment with which playback begins. */
      readonly first: readonly PeekedResource[];
      /** `null` if only the engine knows: media are encrypted, have gaps, or begin where the playlist says. */
      readonly begin: PlaybackBegin | null;
    }
  | {
      readonly kind: 'none';
      /** Is it an empty playlist, instead of a response of another kind? */
      readonly isEmpty: boolean;
    };

/** hls.js starts this many target durations before the end of a live playlist. */
const LIVE_SYNC_COUNT = 3;
/** hls.js skips a segment of which less than this remains. */
const LOOKUP_TOLERANCE_S = 0.25;

/** Tags of a playlist that the engine must read before media can be shown. */
const FOR_ENGINE = /^#EXT-X-(?:(?:SESSION-)?KEY:(?!METHOD=NONE)|START:|GAP|I-FRAMES-ONLY|DEFINE)/m;

/** Makes the error for a playlist in which an address is not a URL. */
type InvalidAddress = (playlistUrl: string) => Error;

/**
 * Reads the start of a playlist without parsing all of it, in a time that grows no faster than the text. Pure. The player and
 * the server read playlists with it, so that both begin with the same segment.
 *
 * @param baseUrl - base of its relative URIs.
 * @param invalidAddress - makes the error that is thrown if none of the variants, or not the first segment, has an address.
 */
export function peekPlaylist(text: string, baseUrl: string, invalidAddress: InvalidAddress): PeekedPlaylist {
  const body = text.replace(/^\uFEFF/, '');
  if (!body.startsWith('#EXTM3U')) return { kind: 'none', isEmpty: body.trim() === '' };
  const lines = body.split(/\r\n?|\n/);
  const isForFullBuild = needsFullBuild(body);
  const variants = readVariants(lines, baseUrl, invalidAddress);
  const isForEngine = FOR_ENGINE.test(body);
  if (variants.length > 0)
    return { kind: 'multivariant', variants, needsFullBuild: isForFullBuild, isForEngine };
  const targetDurationMs = Number(/^#EXT-X-TARGETDURATION:(\d+)/m.exec(body)?.[1] ?? 0) * 1000;
  if (targetDurationMs === 0) return { kind: 'none', isEmpty: true };
  const isLive = !/^#EXT-X-ENDLIST/m.test(body);
  return {
    kind: 'media',
    isLive,
    targetDurationMs,
    needsFullBuild: isForFullBuild,
    ...readFirst(lines, baseUrl, isLive, targetDurationMs, invalidAddress),
    ...(isForEngine && { begin: null }),
  };
}

/** The address of a URI in a playlist; `null` if it is not a valid one. */
export function resolveUri(uri: string, baseUrl: string): string | null {
  return URL.canParse(uri.trim(), baseUrl) ? new URL(uri.trim(), baseUrl).href : null;
}

function readVariants(
  lines: readonly string[],
  baseUrl: string,
  invalidAddress: InvalidAddress,
): PeekedVariant[] {
  const variants: PeekedVariant[] = [];
  let tag = '';
  let hasInvalid = false;
  for (const line of lines) {
    if (line.startsWith('#EXT-X-STREAM-INF:')) tag ||= line;
    else if (tag && line !== '' && !line.startsWith('#')) {
      const url = resolveUri(line, baseUrl);
      const bandwidth = Number(/[:,]BANDWIDTH=(\d+)/.exec(tag)?.[1] ?? 0);
      if (url) variants.push({ url, bandwidth, codecs: /CODECS="([^"]*)"/.exec(tag)?.[1] ?? '' });
      else hasInvalid = true;
      tag = '';
    }
  }
  if (hasInvalid && variants.length === 0) throw invalidAddress(baseUrl);
  return variants;
}

/** A segment or init segment, with its URI as it is written. */
interface WrittenResource {
  readonly uri: string;
  readonly range: ByteRange | null;
}

interface Segment extends WrittenResource {
  readonly durationS: number;
  readonly init: WrittenResource | null;
}

/** Finds the segment with which hls.js will begin. A wrong guess costs one request. */
function readFirst(
  lines: readonly string[],
  baseUrl: string,
  isLive: boolean,
  targetDurationMs: number,
  invalidAddress: InvalidAddress,
): Pick<Extract<PeekedPlaylist, { kind: 'media' }>, 'first' | 'begin'> {
  // With partial segments (LL-HLS), hls.js begins with a part that it chooses itself.
  if (lines.some((line) => line.startsWith('#EXT-X-PART:'))) return { first: [], begin: null };
  const segments = readSegments(lines);
  const totalS = segments.reduce((sum, segment) => sum + segment.durationS, 0);
  const holdBackS = Number(lines.map((line) => /HOLD-BACK=([\d.]+)/.exec(line)?.[1]).find(Boolean) ?? 0);
  const latencyS = holdBackS || (LIVE_SYNC_COUNT * targetDurationMs) / 1000;
  const offsetS = lines.map((line) => /^#EXT-X-START:.*TIME-OFFSET=([-\d.]+)/.exec(line)?.[1]).find(Boolean);
  const defaultS = isLive ? totalS - latencyS : 0;
  const beginS = offsetS ? Number(offsetS) + (offsetS.startsWith('-') ? totalS : 0) : defaultS;
  const positionS = Math.max(0, Math.min(beginS, totalS));
  let endS = 0;
  const first = segments.find((segment) => (endS += segment.durationS) - LOOKUP_TOLERANCE_S > positionS);
  if (!first) return { first: [], begin: null };
  const resources = [first.init, first]
    .filter((written) => written !== null)
    // The engine replaces the variables (RFC 8216bis section 4.3).
    .filter(({ uri }) => !uri.includes('{$'))
    .map(({ uri, range }) => {
      const url = resolveUri(uri, baseUrl);
      if (url === null) throw invalidAddress(baseUrl);
      return { url, range };
    });
  const segmentS = endS - first.durationS;
  return { first: resources, begin: { positionS: Math.max(positionS, segmentS), segmentS, totalS } };
}

function readSegments(lines: readonly string[]): Segment[] {
  const segments: Segment[] = [];
  let init: WrittenResource | null = null;
  let durationS: number | null = null;
  let range: ByteRange | null = null;
  for (const line of lines) {
    if (line.startsWith('#EXT-X-MAP:')) {
      const uri = /URI="([^"]*)"/.exec(line)?.[1] ?? '';
      init = {
        uri,
        range: readRange(/BYTERANGE="([^"]*)"/.exec(line)?.[1], null),
      };
    } else if (line.startsWith('#EXTINF:')) {
      durationS = parseFloat(line.slice(8));
    } else if (line.startsWith('#EXT-X-BYTERANGE:')) {
      range = readRange(line.slice(17), segments.at(-1)?.range ?? null);
    } else if (line !== '' && !line.startsWith('#') && durationS !== null) {
      segments.push({ uri: line, range, durationS, init });
      durationS = null;
      range = null;
    }
  }
  return segments;
}

/** Reads `<length>[@<offset>]`; without an offset it begins at the end of the previous range (RFC 8216 section 4.3.2.2). */
function readRange(text: string | undefined, previous: ByteRange | null): ByteRange | null {
  const [, length, offset] = /^(\d+)(?:@(\d+))?/.exec(text ?? '') ?? [];
  if (length === undefined) return null;
  const start = offset === undefined ? (previous?.end ?? 0) : Number(offset);
  return { start, end: start + Number(length) };
}

/**
 * The variant to begin with: the best one for the bandwidth that this browser decodes, else the smallest.
 *
 * @param isSupported - does this browser decode an RFC 6381 codecs string?
 */
export function pickVariant(
  variants: readonly PeekedVariant[],
  bandwidthBps: number,
  isSupported: (codecs: string) => boolean,
): PeekedVariant | null {
  const playable = variants.filter((variant) => variant.codecs === '' || isSupported(variant.codecs));
  const sorted = [...playable].sort((a, b) => a.bandwidth - b.bandwidth);
  return sorted.findLast((variant) => variant.bandwidth <= bandwidthBps) ?? sorted[0] ?? null;
}

/** Does a playlist define a variable from the query of its own address (RFC 8216bis, EXT-X-DEFINE)? */
export function readsQuery(text: string): boolean {
  return text.includes('QUERYPARAM=');
}
