import { resolveUri } from '@gatecast/contract';

/** Attributes of a tag of a playlist. Names are in capitals. */
export type TagAttributes = ReadonlyMap<string, string>;

/** The tags of one name, in their order, at most `most` of them. Reads the text once. */
export function readTagLines(text: string, name: string, most: number): TagAttributes[] {
  const start = `#${name}:`;
  const found: TagAttributes[] = [];
  for (const line of text.split(/\r\n?|\n/)) {
    if (!line.startsWith(start)) continue;
    found.push(readAttributeList(line.slice(start.length)));
    if (found.length === most) break;
  }
  return found;
}

/** @see RFC 8216 section 4.2 */
function readAttributeList(text: string): TagAttributes {
  const attributes = new Map<string, string>();
  // Each match begins where the last one ended. What repeats has an end that it cannot contain: the time is linear.
  const pattern = /\s*([A-Z\d-]{1,60})=(?:"([^"]*)"\s*|([^",]*))(?:,|$)/y;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [whole, name = '', quoted, plain] = match;
    attributes.set(name, quoted ?? plain?.trim() ?? '');
    if (whole === '' || pattern.lastIndex >= text.length) break;
  }
  return attributes;
}

/** The address in `URI`; `null` without a valid one. A scheme such as `skd:` is one, too. */
export function uriOf(tag: TagAttributes, base: string): string | null {
  const uri = tag.get('URI');
  return uri === undefined || hasVariable(tag) ? null : resolveUri(uri, base);
}

/** Does its `URI` contain a variable (EXT-X-DEFINE)? The doctor does not replace them. */
export function hasVariable(tag: TagAttributes): boolean {
  return tag.get('URI')?.includes('{$') ?? false;
}

/** Does a player load this address with a request? */
export function isHttp(url: string): boolean {
  return /^https?:/i.test(url);
}
