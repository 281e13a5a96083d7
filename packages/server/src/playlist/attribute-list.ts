/** An attribute of a tag. `start` and `end` are the position of the value in the line, without quotes. */
export interface PlaylistAttribute {
  readonly name: string;
  readonly value: string;
  readonly isQuoted: boolean;
  readonly start: number;
  readonly end: number;
}

/** No part of it can give characters back to another part, so that it is linear in the length of the line. */
const ATTRIBUTE = /\s*([A-Z0-9-]+)=(?:"([^"]*)"\s*|([^",]*))(?:,|$)/y;

/**
 * Reads the attribute list of a tag such as `#EXT-X-MAP:URI="init.mp4",BYTERANGE="10@0"`. A malformed attribute is skipped.
 *
 * @see RFC 8216 section 4.2
 */
export function* readAttributes(line: string): Generator<PlaylistAttribute> {
  let at = line.indexOf(':') + 1;
  while (at > 0 && at < line.length) {
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(line);
    if (!match) {
      at = line.indexOf(',', at) + 1;
      continue;
    }
    const [whole, name = '', quoted, plain = ''] = match;
    const value = quoted ?? plain;
    const start = line.indexOf('=', at) + (quoted === undefined ? 1 : 2);
    yield { name, value, isQuoted: quoted !== undefined, start, end: start + value.length };
    at += whole.length;
  }
}
