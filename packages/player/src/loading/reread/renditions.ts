import { resolveUri } from '../peek-playlist.js';
import { matchRenditions, type Rendition } from './match-renditions.js';
import { readTagAttributes, splitTag } from './read-attributes.js';
import type { PlaylistText } from './playlist-text.js';

/** Versions of a multivariant playlist of which the engine may still have addresses. */
const VERSIONS = 3;

/** The addresses that a multivariant playlist names: those that the engine knows, and those of the latest reading. */
export class Renditions {
  #versions: (readonly Rendition[])[] = [];
  #latest: readonly Rendition[] = [];
  #known: ReadonlySet<string> = new Set();
  #current: ReadonlyMap<string, string> = new Map();

  /** The engine gets this version. */
  give(text: PlaylistText): void {
    this.#latest = readRenditions(text);
    this.#versions = [this.#latest, ...this.#versions].slice(0, VERSIONS);
    this.#known = new Set(this.#versions.flat().map(({ url }) => url));
    this.#match();
  }

  /** The playlist was read again. */
  exchange(text: PlaylistText): void {
    this.#latest = readRenditions(text);
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
    // The newest version decides about an address that several have.
    for (const version of [...this.#versions].reverse())
      for (const [old, next] of matchRenditions(version, this.#latest)) current.set(old.url, next.url);
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
