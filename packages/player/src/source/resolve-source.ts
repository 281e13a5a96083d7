import { secretOf, type SecurityObject } from '@gatecast/token';
import { h5liveHlsUrl } from './h5live-hls-url.js';
import type {
  H5LiveConfig,
  H5LiveRtmp,
  PlayerSource,
  ResolvedEntry,
  ResolvedSource,
  SourceEntry,
} from './player-source.js';
import { parseAddress } from './parse-address.js';
import { missingSource } from './source-errors.js';
import { streamNameOf } from '@gatecast/contract';

/** The rule with which the player chooses the rendition itself. */
const DEFAULT_RULE = 'deviationOfMean2';

/**
 * A plain URL as a source with one entry.
 *
 * @param address - the URL as a member of an entry.
 */
export function sourceFromUrl(address: SourceEntry, stream: string | null): PlayerSource {
  return { entries: [{ index: 0, ...address, ...(stream && { stream }) }] };
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
  const { startIndex } = source;
  // Pasted configs may have `null` for "none".
  const options = source.options ?? {};
  const group = source.group ?? null;
  const shared = { rule: options.adaption?.rule ?? DEFAULT_RULE, options, group, extra };
  const warnings: string[] = [];
  const playable = given.filter((entry, position) => {
    const missing = missingMembers(entry, source);
    if (missing) warnings.push(`Entry ${String(entry.index ?? position)} is ignored: ${missing}.`);
    return !missing;
  });
  if (playable.length === 0 && group?.id) {
    return {
      ...shared,
      entries: [groupEntry(group.id, group.security)],
      startIndex: startIndex ?? null,
      warnings,
    };
  }
  if (playable.length === 0) throw missingSource(warnings);
  const entries = orderByQuality(playable, warnings).map((entry, index) =>
    resolveEntry(entry, index, baseUrl, source),
  );
  const isStartKnown = startIndex !== undefined && entries[startIndex]?.index === startIndex;
  if (startIndex !== undefined && !isStartKnown)
    warnings.push('"startIndex" is ignored: there is no such entry.');
  const onlyIndex = entries.length === 1 ? 0 : null;
  return { ...shared, entries, startIndex: isStartKnown ? startIndex : onlyIndex, warnings };
}

/** The entries of a source, and its other members. In the old single form, members that are unknown here are both. */
function readEntries({
  entries,
  startIndex: _start,
  group: _group,
  options: _options,
  ...rest
}: PlayerSource): {
  entries: readonly SourceEntry[];
  extra: ResolvedSource['extra'];
} {
  const { hls, whep, h5live, bintu, stream: _stream, label: _label, tag: _tag, info: _info, ...extra } = rest;
  if (entries?.length) return { entries, extra };
  const { defaults: _defaults, general: _general, ...only } = rest;
  return { entries: hls || whep || h5live || bintu?.streamid ? [only] : [], extra };
}

/** Why no engine can play an entry; empty if one can. */
function missingMembers(entry: SourceEntry, source: PlayerSource): string {
  if (entry.hls || entry.whep || entry.h5live?.server?.hls) return '';
  const missing = missingH5live(entry, source).map((name) => `"h5live.${name}"`);
  return missing.length === 0
    ? ''
    : `without "hls", "whep" or "bintu.streamid" it needs ${missing.join(' and ')}`;
}

/** The members of `h5live` that an H5Live player needs besides those it has. */
function missingH5live({ h5live, bintu }: SourceEntry, { defaults }: PlayerSource): string[] {
  const { server } = h5live ?? {};
  const rtmp = rtmpOf(h5live);
  if (bintu?.streamid) return [];
  const names = rtmp.streamname ? [] : ['rtmp.streamname'];
  if (defaults?.service) return names;
  if (!rtmp.url) names.push('rtmp.url');
  if (!Object.values(server ?? {}).some(Boolean)) names.push('server');
  return names;
}

/** The RTMP names of a connection. Since version 3.10.1 `params` may have them instead. */
function rtmpOf(h5live: H5LiveConfig | null | undefined): H5LiveRtmp {
  const { rtmp, params } = h5live ?? {};
  const url = firstFilled(rtmp?.url, params?.['url']);
  const streamname = firstFilled(rtmp?.streamname, params?.['stream']);
  return { ...(url && { url }), ...(streamname && { streamname }) };
}

/** The entries of a group are known to the vendor only. One token, requested by the group's id, is valid for all. */
function groupEntry(id: string, security: SecurityObject | undefined): ResolvedEntry {
  const group = { id, ...(security && { security }) };
  return { ...resolveEntry({ label: id, stream: id }, 0, '', { group }), hasH5live: true, raw: {} };
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
  source: PlayerSource,
): ResolvedEntry {
  const info = entry.info ?? {};
  const h5live = entry.h5live ?? {};
  const url = readAddress(entry, baseUrl, source);
  const whepUrl = entry.whep ? readWhepAddress(entry.whep, baseUrl) : null;
  return {
    index,
    label: firstFilled(entry.label) ?? (info.height ? `${String(info.height)}p` : `#${String(index)}`),
    tag: entry.tag ?? '',
    url,
    whepUrl,
    hasH5live: missingH5live(entry, source).length === 0,
    stream:
      firstFilled(
        entry.stream,
        rtmpOf(h5live).streamname,
        entry.hls && url && streamNameOf(url),
        entry.bintu?.streamid,
        url && streamNameOf(url),
        whepUrl && streamNameOf(whepUrl),
      ) ?? '',
    bitrateKbps: info.bitrate ?? null,
    width: info.width ?? null,
    height: info.height ?? null,
    framerate: info.framerate ?? null,
    security: securityOf(h5live, source.group?.security),
    raw: { ...entry, index },
  };
}

/** The absolute HLS URL of an entry. Pasted configs have `hls: ""` for "none". */
function readAddress(
  { hls, h5live }: SourceEntry,
  baseUrl: string,
  { defaults, general }: PlayerSource,
): string | null {
  const server = h5live?.server?.hls;
  if (hls || !server) return hls ? parseAddress('src', hls, baseUrl).href : null;
  const rtmp = rtmpOf(h5live);
  // The vendor's player fills in the RTMP address, without which the HLS address names no stream.
  if (defaults?.service && !rtmp.url) return null;
  const url = parseAddress('src', h5liveHlsUrl(server, rtmp), baseUrl);
  if (general?.serverDomain) url.host = general.serverDomain;
  return url.href;
}

/** @throws TypeError when it is not the URL of an HTTP endpoint. */
function readWhepAddress(whep: string, baseUrl: string): string {
  const { href } = parseAddress('whep', whep, baseUrl);
  if (href.startsWith('http')) return href;
  throw new TypeError('whep is not an http(s) URL.');
}

/** The first security object that contains a token: pasted configs have empty ones as placeholders. */
function securityOf(
  { security, token }: H5LiveConfig,
  groupSecurity: SecurityObject | undefined,
): SecurityObject | null {
  const candidates = [security, token ? { token } : undefined, groupSecurity];
  return candidates.find((candidate) => candidate && secretOf(candidate)) ?? null;
}

function firstFilled(...texts: (string | null | undefined)[]): string | undefined {
  return texts.find(Boolean) ?? undefined;
}
