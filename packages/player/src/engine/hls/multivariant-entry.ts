import { pickVariant, resolveUri } from '../../loading/peek-playlist.js';

/** Attributes of a tag, with their quotes, in the order of the playlist. */
export type Attributes = Map<string, string>;

/** The best variant of an entry that is a multivariant playlist, with all that belongs to it. All addresses are absolute. */
export interface MultivariantEntry {
  /** Media playlist of the variant. */
  readonly url: string;
  /** Attributes of `EXT-X-STREAM-INF`. */
  readonly variant: Attributes;
  /** Attributes of `EXT-X-MEDIA`, for each rendition of the groups that the variant names. */
  readonly media: readonly Attributes[];
  /** Tags for the whole playlist, such as `EXT-X-SESSION-KEY`. */
  readonly shared: readonly string[];
}

/** The attributes of a variant that name a group, which are also the types of `EXT-X-MEDIA`. */
export const GROUPS = ['AUDIO', 'VIDEO', 'SUBTITLES', 'CLOSED-CAPTIONS'];

const SHARED = /^#EXT-X-(?:SESSION-KEY|SESSION-DATA|START):/;
const ATTRIBUTE = /([A-Z0-9-]+)=("[^"]*"|[^",]*)/g;

/**
 * Reads a multivariant playlist (RFC 8216 section 4.3.4).
 *
 * @param baseUrl - base of its relative URIs.
 * @param isSupported - does this browser decode an RFC 6381 codecs string?
 * @returns `null` for another playlist, and for one without a variant that this browser decodes.
 */
export function readMultivariantEntry(
  text: string,
  baseUrl: string,
  isSupported: (codecs: string) => boolean,
): MultivariantEntry | null {
  const { lines, definitions } = replaceVariables(text.replace(/^\uFEFF/, '').split(/\r\n?|\n/), baseUrl);
  const variants: { url: string; bandwidth: number; codecs: string; attributes: Attributes }[] = [];
  const media: Attributes[] = [];
  const shared: string[] = [...definitions];
  let attributes: Attributes | null = null;
  for (const line of lines) {
    if (line.startsWith('#EXT-X-STREAM-INF:')) attributes ??= readAttributes(line, baseUrl);
    else if (line.startsWith('#EXT-X-MEDIA:')) media.push(readAttributes(line, baseUrl));
    else if (SHARED.test(line)) shared.push(writeTag(tagOf(line), readAttributes(line, baseUrl)));
    else if (attributes && line !== '' && !line.startsWith('#')) {
      const url = resolveUri(line, baseUrl);
      const bandwidth = Number(attributes.get('BANDWIDTH') ?? 0);
      if (url) variants.push({ url, bandwidth, codecs: textOf(attributes, 'CODECS'), attributes });
      attributes = null;
    }
  }
  const best = pickVariant(variants, Infinity, isSupported);
  const found = variants.find((variant) => variant === best);
  if (!found) return null;
  const groups = new Set(GROUPS.map((type) => `${type} ${textOf(found.attributes, type)}`));
  return {
    url: found.url,
    variant: found.attributes,
    media: media.filter((each) => groups.has(`${textOf(each, 'TYPE')} ${textOf(each, 'GROUP-ID')}`)),
    shared,
  };
}

/** The text of an attribute without its quotes; some packagers also quote enumerations. */
export function textOf(attributes: Attributes, name: string): string {
  return (attributes.get(name) ?? '').replaceAll('"', '');
}

export function writeTag(tag: string, attributes: Attributes): string {
  return `${tag}:${Array.from(attributes, ([name, value]) => `${name}=${value}`).join(',')}`;
}

function tagOf(line: string): string {
  return line.slice(0, line.indexOf(':'));
}

function readAttributes(line: string, baseUrl: string): Attributes {
  const attributes: Attributes = new Map();
  for (const [, name = '', value = ''] of line.slice(line.indexOf(':') + 1).matchAll(ATTRIBUTE))
    attributes.set(name, value.trim());
  const uri = attributes.has('URI') ? resolveUri(textOf(attributes, 'URI'), baseUrl) : null;
  if (uri) attributes.set('URI', `"${uri}"`);
  return attributes;
}

/**
 * Replaces `{$name}` (RFC 8216bis section 4.3). The definitions stay, without parameters of the address: media playlists
 * import them.
 */
function replaceVariables(
  lines: readonly string[],
  baseUrl: string,
): { lines: string[]; definitions: string[] } {
  const values = new Map<string, string>();
  const replaced: string[] = [];
  for (const line of lines) {
    if (line.startsWith('#EXT-X-DEFINE:')) {
      const attributes = readAttributes(line, baseUrl);
      const parameter = textOf(attributes, 'QUERYPARAM');
      const name = parameter || textOf(attributes, 'NAME');
      values.set(
        name,
        parameter
          ? (new URL(baseUrl).searchParams.get(parameter) ?? '')
          : (attributes.get('VALUE') ?? '').slice(1, -1),
      );
    } else {
      replaced.push(line.replace(/\{\$([\w-]+)\}/g, (whole, name: string) => values.get(name) ?? whole));
    }
  }
  const definitions = Array.from(
    values,
    ([name, value]) => `#EXT-X-DEFINE:NAME="${name}",VALUE="${value.replaceAll('"', '%22')}"`,
  );
  return { lines: replaced, definitions };
}
