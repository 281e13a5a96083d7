/** Attributes of a tag by name, without quotes. */
export type TagAttributes = ReadonlyMap<string, string>;

/** The length of a name has a limit, so that the search takes a time that grows no faster than the text. */
const ATTRIBUTE = /(?:^|,)\s*([A-Z0-9-]{1,64})=("[^"]*"|[^",]*)/g;

/** Reads an attribute list (RFC 8216 section 4.2). */
export function readTagAttributes(text: string): TagAttributes {
  const attributes = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(ATTRIBUTE))
    attributes.set(name, value.trim().replaceAll('"', ''));
  return attributes;
}

/** The name of a tag without `EXT-X-`, and what follows it; `null` for another line. */
export function splitTag(line: string): readonly [tag: string, rest: string] | null {
  if (!line.startsWith('#EXT-X-')) return null;
  const at = line.indexOf(':');
  return at < 0 ? [line.slice(7), ''] : [line.slice(7, at), line.slice(at + 1)];
}
