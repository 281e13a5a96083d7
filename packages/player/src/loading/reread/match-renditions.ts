import type { TagAttributes } from './read-attributes.js';

/** What a multivariant playlist names: a variant, a rendition, a key or the steering manifest. */
export interface Rendition {
  readonly url: string;
  /** Name of its tag without `EXT-X-`. */
  readonly tag: string;
  readonly attributes: TagAttributes;
}

/** Attributes that describe a variant or rendition. All of them together rarely occur twice. */
const IDENTITY = [
  'TYPE',
  'GROUP-ID',
  'NAME',
  'LANGUAGE',
  'BANDWIDTH',
  'RESOLUTION',
  'CODECS',
  'FRAME-RATE',
  'VIDEO-RANGE',
  'AUDIO',
  'SUBTITLES',
  'PATHWAY-ID',
  'KEYFORMAT',
  'DATA-ID',
];
/** Attributes that stay when the origin measures bitrates again, or gives its groups the name of a session. */
const NATURE = ['TYPE', 'NAME', 'LANGUAGE', 'RESOLUTION', 'CODECS', 'PATHWAY-ID', 'KEYFORMAT', 'DATA-ID'];
/** Measured bitrates of one variant differ by no more than this share. */
const SAME_BITRATE = 0.15;

const TOKEN_SEGMENT = /\/(?:eyJ[\w-]{1,4096}\.[\w-]{1,4096}\.[\w-]{0,4096}|[\w.-]{1,64}=[^/]{16,})(?=\/)/g;

type Pair = (old: readonly Rendition[], next: readonly Rendition[]) => (readonly [Rendition, Rendition])[];

interface Pass {
  /** Those with the same key belong together; `null` for one that has no such key. */
  readonly keyOf: (rendition: Rendition) => string | null;
  readonly pair: Pair;
}

/** From the strictest to the one that only looks at the order. */
const PASSES: readonly Pass[] = [
  { keyOf: (each) => `${describe(each, IDENTITY)} ${bareAddress(each.url)}`, pair: inOrder },
  { keyOf: stableId, pair: onlyOne },
  { keyOf: (each) => describe(each, IDENTITY), pair: inOrder },
  { keyOf: (each) => bareAddress(each.url), pair: onlyOne },
  { keyOf: (each) => describe(each, NATURE), pair: byBitrate },
];

/**
 * Finds in another version of a multivariant playlist what an old one names: by `STABLE-VARIANT-ID` and `STABLE-RENDITION-ID`, by
 * type, group, name, language, bitrate, resolution and codecs, and by the address without its query. The order decides only
 * if nothing else matches at all. Takes a time that grows no faster than both lists, apart from sorting by bitrate. Pure.
 *
 * @returns by the old one. One that is gone is not in it.
 */
export function matchRenditions(
  old: readonly Rendition[],
  next: readonly Rendition[],
): ReadonlyMap<Rendition, Rendition> {
  const matches = new Map<Rendition, Rendition>();
  const taken = new Set<Rendition>();
  const add = (pairs: readonly (readonly [Rendition, Rendition])[]): void => {
    for (const [from, to] of pairs) {
      matches.set(from, to);
      taken.add(to);
    }
  };
  for (const { keyOf, pair } of PASSES) {
    const left = groupBy(
      old.filter((each) => !matches.has(each)),
      keyOf,
    );
    const right = groupBy(
      next.filter((each) => !taken.has(each)),
      keyOf,
    );
    for (const [key, group] of left) add(pair(group, right.get(key) ?? []));
  }
  const kinds = groupBy(next, kindOf);
  for (const [kind, group] of groupBy(old, kindOf)) {
    const others = kinds.get(kind) ?? [];
    const isUnknown = group.length === others.length && !group.some((each) => matches.has(each));
    if (isUnknown) add(inOrder(group, others));
  }
  return matches;
}

/** An address without what is or may be a token: its query, and segments of the path such as a JWT or `exp=…~hmac=…`. */
export function bareAddress(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(TOKEN_SEGMENT, '/~');
}

function describe({ tag, attributes }: Rendition, names: readonly string[]): string {
  return JSON.stringify([tag, ...names.map((name) => attributes.get(name) ?? '')]);
}

function kindOf({ tag, attributes }: Rendition): string {
  return `${tag} ${attributes.get('TYPE') ?? ''}`;
}

function stableId({ tag, attributes }: Rendition): string | null {
  const id = attributes.get('STABLE-VARIANT-ID') ?? attributes.get('STABLE-RENDITION-ID');
  return id === undefined ? null : JSON.stringify([tag, id, attributes.get('PATHWAY-ID') ?? '']);
}

function bitrateOf({ attributes }: Rendition): number {
  return Number(attributes.get('BANDWIDTH') ?? 0) || 0;
}

function inOrder(old: readonly Rendition[], next: readonly Rendition[]): (readonly [Rendition, Rendition])[] {
  return old.flatMap((each, index) => {
    const other = next[index];
    return other ? [[each, other] as const] : [];
  });
}

function onlyOne(old: readonly Rendition[], next: readonly Rendition[]): (readonly [Rendition, Rendition])[] {
  return old.length === 1 && next.length === 1 ? inOrder(old, next) : [];
}

/** If some are gone or new, only those with about the same bitrate are the same. */
function byBitrate(
  old: readonly Rendition[],
  next: readonly Rendition[],
): (readonly [Rendition, Rendition])[] {
  const [left, right] = [old, next].map((list) => [...list].sort((a, b) => bitrateOf(a) - bitrateOf(b)));
  if (!left || !right) return [];
  if (left.length === right.length) return inOrder(left, right);
  const pairs: (readonly [Rendition, Rendition])[] = [];
  let at = 0;
  for (const each of left) {
    const bitrate = bitrateOf(each);
    const slack = bitrate * SAME_BITRATE;
    let other = right[at];
    while (other && bitrateOf(other) < bitrate - slack) other = right[(at += 1)];
    if (!other || bitrateOf(other) > bitrate + slack) continue;
    pairs.push([each, other]);
    at += 1;
  }
  return pairs;
}

function groupBy(
  list: readonly Rendition[],
  keyOf: (each: Rendition) => string | null,
): Map<string, Rendition[]> {
  const groups = new Map<string, Rendition[]>();
  for (const each of list) {
    const key = keyOf(each);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  return groups;
}
