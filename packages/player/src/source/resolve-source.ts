import { redactUrl } from '@gatecast/token';
import type { PlayerSource, ResolvedEntry, ResolvedSource, SourceEntry } from './player-source.js';
import { missingSource } from './source-errors.js';

/** The rule under which the player itself chooses the rendition. */
const DEFAULT_RULE = 'deviationOfMean2';

/** A plain URL as a source with one entry. */
export function sourceFromUrl(src: string, stream: string | null): PlayerSource {
  return { entries: [{ index: 0, hls: src, ...(stream && { stream }) }] };
}

/** The name of a stream by its playlist: the file name without `.m3u8`. */
export function streamNameOf(url: string): string {
  const file = redactUrl(url).split('/').pop() ?? '';
  return decodeURIComponent(file.replace(/\.m3u8$/i, ''));
}

/**
 * Makes a source complete: absolute URLs, unique indices in order of quality, a stream name for every entry.
 *
 * @param baseUrl - what relative URLs are relative to: the page.
 * @throws GatecastError `source-missing` when there is nothing in it that could be played.
 */
export function resolveSource(source: PlayerSource, baseUrl: string): ResolvedSource {
  const isGroupAlone = !source.entries?.length && !source.h5live && !source.hls;
  if (isGroupAlone && source.group?.id) return resolveGroup(source, source.group.id);
  const warnings: string[] = [];
  const given = source.entries ?? (source.h5live || source.hls ? [{ ...source, index: 0 }] : []);
  const playable = given.filter((entry) => {
    const isPlayable = Boolean(entry.hls ?? entry.h5live?.server);
    if (!isPlayable)
      warnings.push(`Entry ${String(entry.index)} has neither "hls" nor "h5live.server" and is left out.`);
    return isPlayable;
  });
  if (playable.length === 0) {
    throw missingSource();
  }
  const ordered = orderByQuality(playable, warnings);
  const entries = ordered.map((entry, index) => resolveEntry(entry, index, baseUrl));
  const isStartKnown = source.startIndex !== undefined && source.startIndex in entries;
  if (source.startIndex !== undefined && !isStartKnown)
    warnings.push('"startIndex" names no entry and is ignored.');
  return {
    entries,
    startIndex: isStartKnown ? (source.startIndex ?? null) : null,
    rule: source.options?.adaption?.rule ?? DEFAULT_RULE,
    raw: source,
    warnings,
  };
}

/** A group's entries are known on the vendor's side only; one token, asked for by the group's name, is for all of them. */
function resolveGroup(source: PlayerSource, id: string): ResolvedSource {
  const security = source.group?.security;
  const entry = { index: 0, label: id, stream: id, ...(security && { h5live: { security } }) };
  return {
    entries: [{ ...resolveEntry(entry, 0, ''), raw: {} }],
    startIndex: null,
    rule: source.options?.adaption?.rule ?? DEFAULT_RULE,
    raw: source,
    warnings: [],
  };
}

/** By `index` where it is whole, else by bitrate where that is, else as given. */
function orderByQuality(entries: readonly SourceEntry[], warnings: string[]): SourceEntry[] {
  const indices = entries.map((entry) => entry.index);
  const isIndexed =
    indices.every((index) => Number.isInteger(index)) && new Set(indices).size === indices.length;
  if (isIndexed) return [...entries].sort((a, b) => (a.index ?? 0) - (b.index ?? 0));
  const hasBitrates = entries.every((entry) => (entry.info?.bitrate ?? 0) > 0);
  if (entries.length > 1) {
    warnings.push(
      `Entries need a unique "index", 0 for the highest bitrate; they are taken ${hasBitrates ? 'by bitrate' : 'in the order given'}.`,
    );
  }
  return hasBitrates
    ? [...entries].sort((a, b) => (b.info?.bitrate ?? 0) - (a.info?.bitrate ?? 0))
    : [...entries];
}

function resolveEntry(entry: SourceEntry, index: number, baseUrl: string): ResolvedEntry {
  const url = entry.hls ? new URL(entry.hls, baseUrl).href : null;
  const info = entry.info ?? {};
  return {
    index,
    label: entry.label ?? (info.height ? `${String(info.height)}p` : `#${String(index)}`),
    tag: entry.tag ?? '',
    url,
    stream: entry.stream ?? entry.h5live?.rtmp?.streamname ?? (url ? streamNameOf(url) : ''),
    bitrateKbps: info.bitrate ?? null,
    width: info.width ?? null,
    height: info.height ?? null,
    framerate: info.framerate ?? null,
    security: entry.h5live?.security ?? null,
    raw: entry,
  };
}
