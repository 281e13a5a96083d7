import { resolveUri } from '../peek-playlist.js';
import { BoundedMap } from './bounded-map.js';
import { bareAddress } from './match-renditions.js';
import type { PlaylistText } from './playlist-text.js';
import { readTagAttributes, splitTag } from './read-attributes.js';

/** The place of an address in a media playlist. */
interface Place {
  /** Segments and parts have one name each; the init segments share one, and the keys of a format too. */
  readonly name: string;
  /** Does it apply to the segments after it: an init segment or a key? */
  readonly applies: boolean;
  /** Media sequence number of its segment, or of the first one that it applies to. */
  readonly sequence: number;
}

interface Named extends Place {
  readonly uri: string;
  readonly url: string;
}

interface MediaPlaylist {
  readonly named: readonly Named[];
  /** Segments that a delta update leaves out (EXT-X-SKIP). */
  readonly skipped: number;
  /** Media sequence number after the last segment. */
  readonly end: number;
}

/** Addresses that are kept beyond those of two windows of a live stream. */
const SPARE = 256;
const LINE = /[^\r\n]+/g;

/**
 * The addresses that a media playlist names: those that the engine knows, and those of the latest reading. They belong together
 * by their media sequence numbers. Delta updates add to what came before. Old addresses are forgotten.
 */
export class SegmentAddresses {
  readonly #known = new BoundedMap<string, Place>();
  readonly #knownApplied = new BoundedMap<string, Place>();
  /** By the name of a segment or part. */
  readonly #current = new BoundedMap<string, string>();
  /** In the order of the playlist. */
  #applied: readonly Named[] = [];
  /** Init segments and keys as the engine has them, in the order of the playlist, and the segments that they are for. */
  #given: readonly Named[] = [];
  #givenEnd = 0;
  /** Segments as they are written in the playlist that the engine has. */
  readonly #names = new BoundedMap<number, string>();
  /** Those of another session, which the origin writes otherwise now. */
  #formerNames: ReadonlyMap<number, string> = new Map();

  /** The engine gets this playlist, see {@link present}. */
  give(playlist: PlaylistText): void {
    const { named, skipped, end } = read(playlist);
    this.#given = continued(this.#given, named, skipped);
    this.#givenEnd = end;
    for (const { url, uri, name, applies, sequence } of named) {
      (applies ? this.#knownApplied : this.#known).set(url, { name, applies, sequence });
      if (name.startsWith('segment')) this.#names.set(sequence, uri);
    }
    const capacity = 2 * (named.length + skipped) + SPARE;
    for (const map of [this.#known, this.#knownApplied, this.#names]) map.shrink(capacity);
  }

  /** The latest reading. */
  exchange(playlist: PlaylistText): void {
    const { named, skipped } = read(playlist);
    this.#applied = continued(this.#applied, named, skipped);
    for (const { url, name, applies } of named) if (!applies) this.#current.set(name, url);
    this.#current.shrink(2 * (named.length + skipped) + SPARE);
  }

  has(url: string): boolean {
    return this.#known.has(url) || this.#knownApplied.has(url);
  }

  /** The address in the latest reading that names it; `null` if none does. */
  current(url: string): string | null {
    const place = this.#known.get(url);
    if (place) return this.#current.get(place.name) ?? null;
    const applied = this.#knownApplied.get(url);
    if (!applied) return null;
    const others = this.#applied.filter(({ name }) => name === applied.name);
    const same = others.filter((each) => bareAddress(each.url) === bareAddress(url));
    const inForce = (list: readonly Named[]): Named | undefined =>
      list.findLast(({ sequence }) => sequence <= applied.sequence) ?? list[0];
    return inForce(same.length > 0 ? same : others)?.url ?? null;
  }

  /** The origin may write other names for the segments that the engine knows. */
  keepNames(): void {
    this.#formerNames = new Map(this.#names);
  }

  /**
   * A playlist in which segments that the engine knows have the names that it knows, with their init segments and keys. hls.js
   * takes a segment with another path, which may contain the new session, for that of another stream, and loads an init segment
   * or a key again if its address has another token.
   */
  present(text: string): string {
    if (this.#names.size === 0 || !text.includes('#EXTINF')) return text;
    let sequence = 0;
    return text.replace(LINE, (line) => {
      const at = sequence;
      sequence = nextSequence(line, sequence);
      if (!line.startsWith('#')) return this.#presentSegment(line, at);
      const name = at < this.#givenEnd ? appliedName(line) : null;
      const given =
        name === null ? undefined : this.#given.findLast((each) => each.name === name && each.sequence <= at);
      return given ? line.replace(/URI="[^"]*"/, () => `URI="${given.uri}"`) : line;
    });
  }

  #presentSegment(uri: string, sequence: number): string {
    const former = this.#formerNames.get(sequence);
    const known = former ?? this.#names.get(sequence);
    if (known === undefined || withoutQuery(known) === withoutQuery(uri)) return uri;
    return former !== undefined || bareAddress(known) === bareAddress(uri) ? known : uri;
  }
}

/** Init segments and keys of a playlist, and of the one before it if this is a delta update. */
function continued(before: readonly Named[], named: readonly Named[], skipped: number): readonly Named[] {
  const applied = named.filter(({ applies }) => applies);
  if (skipped === 0) return applied;
  const from = applied[0]?.sequence ?? Infinity;
  return [...before.filter(({ sequence }) => sequence < from), ...applied].slice(-SPARE);
}

/** The name under which an init segment or key applies to the segments after it; `null` for another tag. */
function appliedName(line: string): string | null {
  const [tag, rest = ''] = splitTag(line) ?? [];
  if ((tag !== 'MAP' && tag !== 'KEY') || !rest.includes('URI="')) return null;
  return tag === 'MAP' ? tag : `KEY ${readTagAttributes(rest).get('KEYFORMAT') ?? 'identity'}`;
}

function withoutQuery(uri: string): string {
  return uri.replace(/[?#].*$/s, '');
}

function read({ text, baseUrl }: PlaylistText): MediaPlaylist {
  const named: Named[] = [];
  let sequence = 0;
  let skipped = 0;
  let part = 0;
  const add = (uri: string | undefined, name: string, applies = false): void => {
    const url = uri === undefined ? null : resolveUri(uri, baseUrl);
    if (uri !== undefined && url !== null) named.push({ uri, url, name, applies, sequence });
  };
  for (const line of text.match(LINE) ?? []) {
    const next = nextSequence(line, sequence);
    if (!line.startsWith('#')) {
      add(line, `segment ${String(sequence)}`);
      part = 0;
    }
    const [tag, rest = ''] = splitTag(line) ?? [];
    if (tag === 'SKIP') skipped = next - sequence;
    sequence = next;
    if (tag === undefined || !rest.includes('URI="')) continue;
    const attributes = readTagAttributes(rest);
    const uri = attributes.get('URI');
    if (tag === 'PART') {
      add(uri, `part ${String(sequence)} ${String(part)}`);
      part += 1;
    } else if (tag === 'PRELOAD-HINT' && attributes.get('TYPE') === 'PART') {
      add(uri, `part ${String(sequence)} ${String(part)}`);
    } else if (tag === 'PRELOAD-HINT') {
      add(uri, 'MAP', true);
    } else {
      const name = appliedName(line);
      if (name !== null) add(uri, name, true);
    }
  }
  return { named, skipped, end: sequence };
}

/** The media sequence number after a line. */
function nextSequence(line: string, sequence: number): number {
  if (!line.startsWith('#')) return sequence + 1;
  const [tag, rest = ''] = splitTag(line) ?? [];
  if (tag === 'MEDIA-SEQUENCE') return sequence + (Number(rest) || 0);
  if (tag === 'SKIP') return sequence + Number(/SKIPPED-SEGMENTS=(\d{1,9})/.exec(rest)?.[1] ?? 0);
  return sequence;
}
