import { secretOf, type SecurityObject } from '@gatecast/token';
import { h5liveHlsUrl } from './h5live-hls-url.js';
import type {
  H5LiveConfig,
  PlayerSource,
  ResolvedEntry,
  ResolvedSource,
  SourceEntry,
} from './player-source.js';
import { missingSource } from './source-errors.js';

/** The rule with which the player chooses the rendition itself. */
const DEFAULT_RULE = 'deviationOfMean2';

/** A plain URL as a source with one entry. */
export function sourceFromUrl(src: string, stream: string | null): PlayerSource {
  return { entries: [{ index: 0, hls: src, ...(stream && { stream }) }] };
}

/** The stream name in a playlist URL: the file name without `.m3u8`. */
export function streamNameOf(url: string): string {
  const file =
    url
      .replace(/(?:[?#]|%3f).*/is, '')
      .split('/')
      .pop() ?? '';
  const name = file.replace(/\.m3u8$/i, '');
  try {
    return decodeURIComponent(name);
  } catch {
    // A URL may contain "%" without digits after it.
    return name;
  }
}

/**
 * Resolves a source: absolute URLs, unique indices in order of quality, a stream name and the token of each entry. All
 * further decisions use the result only, so the notation of a source does not matter.
 *
 * @param baseUrl - base of relative URLs: the page.
 * @throws GatecastError `source-missing` when no entry can be played.
 */
export function resolveSource(source: PlayerSource, baseUrl: string): ResolvedSource {
  const { entries: given, extra } = readEntries(source);
  const { group = null, options = {}, startIndex } = source;
  const shared = { rule: options.adaption?.rule ?? DEFAULT_RULE, options, group, extra };
  if (given.length === 0 && group?.id) {
    return { ...shared, entries: [groupEntry(group.id, group.security)], startIndex: 0, warnings: [] };
  }
  const warnings: string[] = [];
  const playable = given.filter((entry) => {
    const isPlayable = Boolean(entry.hls) || entry.h5live?.server !== undefined;
    if (!isPlayable)
      warnings.push(`Entry ${String(entry.index)} is ignored: it has neither "hls" nor "h5live.server".`);
    return isPlayable;
  });
  if (playable.length === 0) throw missingSource();
  const ordered = orderByQuality(playable, warnings);
  const entries = ordered.map((entry, index) => resolveEntry(entry, index, baseUrl, group?.security));
  const isStartKnown = startIndex !== undefined && entries[startIndex]?.index === startIndex;
  if (startIndex !== undefined && !isStartKnown)
    warnings.push('"startIndex" is ignored: there is no such entry.');
  const onlyIndex = entries.length === 1 ? 0 : null;
  return { ...shared, entries, startIndex: isStartKnown ? startIndex : onlyIndex, warnings };
}

/** The entries of a source, and its other members. In the old single form, the members of the only entry are both. */
function readEntries({
  entries,
  startIndex: _start,
  group: _group,
  options: _options,
  hls,
  h5live,
  ...extra
}: PlayerSource): { entries: readonly SourceEntry[]; extra: ResolvedSource['extra'] } {
  if (entries?.length) return { entries, extra };
  const isSingle = Boolean(hls) || h5live !== undefined;
  return { entries: isSingle ? [{ ...extra, ...(hls && { hls }), ...(h5live && { h5live }) }] : [], extra };
}

/** The entries of a group are known to the vendor only. One token, requested by the group's id, is valid for all. */
function groupEntry(id: string, security: SecurityObject | undefined): ResolvedEntry {
  return { ...resolveEntry({ label: id, stream: id }, 0, '', security), raw: {} };
}

/** Orders by `index` if all are unique, else by bitrate if all have one, else as given. */
function orderByQuality(entries: readonly SourceEntry[], warnings: string[]): SourceEntry[] {
  const indices = entries.map((entry) => entry.index);
  const isIndexed =
    indices.every((index) => Number.isInteger(index)) && new Set(indices).size === indices.length;
  if (isIndexed) return [...entries].sort((a, b) => (a.index ?? 0) - (b.index ?? 0));
  const hasBitrates = entries.every((entry) => (entry.info?.bitrate ?? 0) > 0);
  if (entries.length > 1) {
    warnings.push(
      `Entries need a unique "index", 0 for the highest bitrate; they are ordered ${hasBitrates ? 'by bitrate' : 'as given'}.`,
    );
  }
  return hasBitrates
    ? [...entries].sort((a, b) => (b.info?.bitrate ?? 0) - (a.info?.bitrate ?? 0))
    : [...entries];
}

function resolveEntry(
  entry: SourceEntry,
  index: number,
  baseUrl: string,
  groupSecurity: SecurityObject | undefined,
): ResolvedEntry {
  const { info = {}, h5live = {} } = entry;
  const serverUrl = h5live.server?.hls;
  // Pasted configs have `hls: ""` for "none".
  const address = firstFilled(entry.hls, serverUrl && h5liveHlsUrl(serverUrl, h5live.rtmp));
  const url = address ? new URL(address, baseUrl).href : null;
  return {
    index,
    label: firstFilled(entry.label) ?? (info.height ? `${String(info.height)}p` : `#${String(index)}`),
    tag: entry.tag ?? '',
    url,
    stream: firstFilled(entry.stream, h5live.rtmp?.streamname) ?? (url ? streamNameOf(url) : ''),
    bitrateKbps: info.bitrate ?? null,
    width: info.width ?? null,
    height: info.height ?? null,
    framerate: info.framerate ?? null,
    security: securityOf(h5live, groupSecurity),
    raw: { ...entry, index },
  };
}

/** The first security object that contains a token: pasted configs have empty ones as placeholders. */
function securityOf(
  { security, token }: H5LiveConfig,
  groupSecurity: SecurityObject | undefined,
): SecurityObject | null {
  const candidates = [security, token ? { token } : undefined, groupSecurity];
  return candidates.find((candidate) => candidate && secretOf(candidate)) ?? null;
}

function firstFilled(...texts: (string | undefined)[]): string | undefined {
  return texts.find(Boolean);
}
