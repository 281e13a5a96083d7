import { ENTRY_ATTRIBUTE } from '../../loading/plan-start.js';
import type { ResolvedEntry } from '../../source/player-source.js';
import { GROUPS, textOf, writeTag, type Attributes, type MultivariantEntry } from './multivariant-entry.js';

/** Assumed bitrate of the best rendition if it is unknown; each further unknown one gets half of the one above it. */
const ASSUMED_BEST_KBPS = 4000;
/** Attributes of a variant that have no meaning beside the variants of other playlists. */
const LEFT_OUT = ['AVERAGE-BANDWIDTH', 'PATHWAY-ID', 'STABLE-VARIANT-ID', 'SCORE', 'NAME'];

/**
 * Writes a multivariant playlist (RFC 8216 section 4.3.4) with the entries as its variants.
 *
 * @param expanded - the entries that are multivariant playlists themselves, by index: each is its best variant, with its
 *   groups under names of their own.
 */
export function composeMultivariant(
  entries: readonly ResolvedEntry[],
  expanded: ReadonlyMap<number, MultivariantEntry> = new Map(),
): string {
  const bitrates = chooseBitrates(entries, expanded);
  const shared = new Set<string>();
  const lines = entries.flatMap((entry, position) => {
    if (entry.url === null) return [];
    const own = expanded.get(entry.index);
    const attributes = new Map(own?.variant);
    for (const name of LEFT_OUT) attributes.delete(name);
    attributes.set('BANDWIDTH', String(bitrates[position]));
    if (entry.width && entry.height)
      attributes.set('RESOLUTION', `${String(entry.width)}x${String(entry.height)}`);
    if (entry.framerate) attributes.set('FRAME-RATE', entry.framerate.toFixed(3));
    attributes.set('NAME', `"${entry.label.replace(/["\r\n]/g, '')}"`);
    attributes.set(ENTRY_ATTRIBUTE, String(entry.index));
    for (const type of GROUPS) renameGroup(attributes, type, entry.index);
    addShared(own?.shared ?? [], shared);
    return [
      ...(own?.media ?? []).map((each) => {
        const media = new Map(each);
        media.set('TYPE', textOf(media, 'TYPE'));
        renameGroup(media, 'GROUP-ID', entry.index);
        return writeTag('#EXT-X-MEDIA', media);
      }),
      writeTag('#EXT-X-STREAM-INF', attributes),
      own?.url ?? entry.url,
    ];
  });
  return ['#EXTM3U', '#EXT-X-INDEPENDENT-SEGMENTS', ...shared, ...lines, ''].join('\n');
}

/** The index of the entry that a group of a composed playlist belongs to; `NaN` for a group of another playlist. */
export function entryIndexOfGroup(groupId: string): number {
  return Number(/^entry-(\d+)-/.exec(groupId)?.[1] ?? NaN);
}

/** Groups of two entries may have one name. `CLOSED-CAPTIONS=NONE` names no group. */
function renameGroup(attributes: Attributes, name: string, entryIndex: number): void {
  const groupId = textOf(attributes, name);
  if (groupId !== '' && groupId !== 'NONE') attributes.set(name, `"entry-${String(entryIndex)}-${groupId}"`);
}

/** Of a tag that names something twice, the first entry's counts. */
function addShared(tags: readonly string[], shared: Set<string>): void {
  const nameOf = (tag: string): string =>
    /^#EXT-X-START:|^#EXT-X-DEFINE:NAME="[^"]*"/.exec(tag)?.[0] ??
    tag.replace(/^(#EXT-X-SESSION-DATA:).*?(DATA-ID="[^"]*").*?(LANGUAGE="[^"]*"|$).*$/, '$1$2$3');
  const names = new Set([...shared].map(nameOf));
  for (const tag of tags) {
    if (!names.has(nameOf(tag))) shared.add(tag);
    names.add(nameOf(tag));
  }
}

/**
 * A bitrate for each entry, in bits per second: the entry's own, else that of its playlist, else an assumed one that
 * keeps the order of quality. No two are the same: hls.js takes variants that look the same for copies of one.
 */
function chooseBitrates(
  entries: readonly ResolvedEntry[],
  expanded: ReadonlyMap<number, MultivariantEntry>,
): number[] {
  const result: number[] = [];
  for (const { index, bitrateKbps } of entries) {
    const better = result.at(-1);
    const written = Number(expanded.get(index)?.variant.get('BANDWIDTH') ?? 0);
    let bitrate = bitrateKbps
      ? bitrateKbps * 1000
      : written || (better === undefined ? ASSUMED_BEST_KBPS * 1000 : better / 2);
    bitrate = Math.round(bitrate);
    while (result.includes(bitrate)) bitrate -= 1;
    result.push(bitrate);
  }
  return result;
}
