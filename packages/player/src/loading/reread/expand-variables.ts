import type { PlaylistText } from './playlist-text.js';
import { readTagAttributes, splitTag } from './read-attributes.js';

/** The variables of a playlist (EXT-X-DEFINE) by name. */
export type Variables = ReadonlyMap<string, string>;

/** A playlist in which values stand in place of its variables. */
export interface ExpandedPlaylist extends PlaylistText {
  readonly variables: Variables;
}

const REFERENCE = /\{\$([\w-]+)\}/g;
/** Longest text that all values together may add. A playlist with more is refused before the engine reads it. */
const LONGEST_TEXT = 8 * 1024 * 1024;

/**
 * Replaces the variables of a playlist as hls.js does: by `VALUE`, by `IMPORT` from the multivariant playlist, and by
 * `QUERYPARAM` from the query of its own address. A reference without a value stays. Pure.
 *
 * @param imports - the variables of the multivariant playlist.
 * @see https://datatracker.ietf.org/doc/html/draft-pantos-hls-rfc8216bis#section-4.4.2.3
 */
export function expandVariables(playlist: PlaylistText, imports: Variables | undefined): ExpandedPlaylist {
  const variables = new Map<string, string>();
  if (!playlist.text.includes('#EXT-X-DEFINE:')) return { ...playlist, variables };
  let length = 0;
  const expand = (line: string): string =>
    line.replace(REFERENCE, (reference, name: string) => {
      const value = variables.get(name) ?? reference;
      length += value.length;
      return length > LONGEST_TEXT ? reference : value;
    });
  const text = playlist.text.replace(/[^\r\n]+/g, (line) => {
    const expanded = line.includes('{$') ? expand(line) : line;
    const [tag, rest = ''] = splitTag(expanded) ?? [];
    if (tag !== 'DEFINE') return expanded;
    const attributes = readTagAttributes(rest);
    const [query, imported] = [attributes.get('QUERYPARAM'), attributes.get('IMPORT')];
    const name = query ?? imported ?? attributes.get('NAME') ?? '';
    const value =
      query !== undefined
        ? queryValue(playlist.baseUrl, query)
        : imported !== undefined
          ? imports?.get(imported)
          : attributes.get('VALUE');
    if (value !== undefined && !variables.has(name)) variables.set(name, value);
    return expanded;
  });
  return { text, baseUrl: playlist.baseUrl, variables };
}

/** The value of a query field, so that it cannot end an attribute or a line. Addresses lose line ends anyway. */
function queryValue(url: string, name: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const value = new URL(url).searchParams.get(name);
  return value?.replace(/[\r\n]/g, '').replaceAll('"', '%22');
}
