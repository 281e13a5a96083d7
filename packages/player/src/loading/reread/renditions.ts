import { resolveUri } from '../peek-playlist.js';
import { matchRenditions, type Rendition } from './match-renditions.js';
import { cloneOf, isCloned, type PathwayClone } from './pathway-clones.js';
import { readTagAttributes, splitTag } from './read-attributes.js';
import type { PlaylistText } from './playlist-text.js';

/** A clone as the engine has made it, which it never changes, and as the latest steering manifest describes it. */
interface KnownClone {
  readonly given: PathwayClone;
  readonly latest: PathwayClone;
}

/** More than a stream has clones of its pathways. */
const MAX_CLONES = 16;
/** Versions of a multivariant playlist of which the engine may still have addresses. */
const VERSIONS = 3;

/** The addresses that a multivariant playlist names: those that the engine knows, and those of the latest reading. */
export class Renditions {
  #versions: (readonly Rendition[])[] = [];
  #latest: readonly Rendition[] = [];
  #known: ReadonlySet<string> = new Set();
  #current: ReadonlyMap<string, string> = new Map();
  readonly #clones = new Map<string, KnownClone>();

  /** The engine gets this version. */
  give(text: PlaylistText): void {
    this.#latest = readRenditions(text);
    this.#versions = [this.#latest, ...this.#versions].slice(0, VERSIONS);
    this.#match();
  }

  /** The playlist was read again. */
  exchange(text: PlaylistText): void {
    this.#latest = readRenditions(text);
    this.#match();
  }

  /** A steering manifest has come. */
  steer(clones: readonly PathwayClone[]): void {
    for (const latest of clones) {
      const { given = latest } = this.#clones.get(latest.id) ?? {};
      if (this.#clones.has(latest.id) || this.#clones.size < MAX_CLONES)
        this.#clones.set(latest.id, { given, latest });
    }
    this.#match();
  }

  /** Does the engine know an address from this playlist? */
  has(url: string): boolean {
    return this.#known.has(url);
  }

  /** The address in the latest version; `null` if it does not name that rendition any more. */
  current(url: string): string | null {
    return this.#current.get(url) ?? null;
  }

  #match(): void {
    const current = new Map<string, string>();
    const known = new Set<string>();
    // The newest version decides about an address that several have.
    for (const version of [...this.#versions].reverse()) {
      const matches = matchRenditions(version, this.#latest);
      const pairs = version.map((old) => [old, matches.get(old)] as const);
      for (const { given, latest } of this.#clones.values()) {
        const isOfClone = this.#clones.has(given.baseId);
        const bases = pairs.filter(([old]) => isCloned(old, given.baseId, isOfClone));
        for (const [old, next] of bases) pairs.push([cloneOf(old, given), next && cloneOf(next, latest)]);
      }
      for (const [old, next] of pairs) {
        known.add(old.url);
        if (next) current.set(old.url, next.url);
      }
    }
    this.#known = known;
    this.#current = current;
  }
}

function readRenditions({ text, baseUrl }: PlaylistText): Rendition[] {
  const renditions: Rendition[] = [];
  let variant: string | null = null;
  const add = (uri: string | undefined, tag: string, attributes: Rendition['attributes']): void => {
    const url = uri === undefined ? null : resolveUri(uri, baseUrl);
    if (url !== null) renditions.push({ url, tag, attributes });
  };
  for (const line of text.split(/[\r\n]+/)) {
    const [tag, rest] = splitTag(line) ?? [];
    if (tag === 'STREAM-INF') variant ??= rest ?? '';
    else if (tag !== undefined) {
      const attributes = readTagAttributes(rest ?? '');
      add(attributes.get('URI') ?? attributes.get('SERVER-URI'), tag, attributes);
    } else if (variant !== null && line !== '' && !line.startsWith('#')) {
      add(line, 'STREAM-INF', readTagAttributes(variant));
      variant = null;
    }
  }
  return renditions;
}
