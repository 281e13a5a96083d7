/** Longer headers are not read. */
const LONGEST = 16_384;

// As the webcaster reads them. Each pattern matches at one position only, and what it has read is not read again.
const TARGET = /<([^>]*)>/y;
const PARAMETER =
  /\s*;\s*([\w!#$&+.^`|~*-]+)(?:\s*=\s*(?:"([^"\\]*(?:\\.[^"\\]*)*)(?:"|\\?$)|([^\s",;]+)))?/sy;

/** An ICE server of a `Link` header. Its name and its secrets are not needed. */
export interface IceLink {
  readonly isTurn: boolean;
  readonly hasCredentials: boolean;
}

/**
 * The ICE servers in the `Link` headers of a WHIP response. Takes linear time.
 *
 * @see RFC 9725 section 4.6
 */
export function readIceLinks(header: string | null): IceLink[] {
  const text = (header ?? '').slice(0, LONGEST);
  const links: IceLink[] = [];
  let at = text.indexOf('<');
  while (at >= 0) {
    TARGET.lastIndex = at;
    const url = TARGET.exec(text)?.[1];
    if (url === undefined) break;
    const { parameters, end } = readParameters(text, TARGET.lastIndex);
    at = text.indexOf('<', end);
    const relations = (parameters.get('rel') ?? '').toLowerCase().split(/\s+/);
    if (!relations.includes('ice-server') || !/^(?:stun|turn)s?:/i.test(url)) continue;
    const has = (name: string) => (parameters.get(name) ?? '') !== '';
    links.push({ isTurn: /^turn/i.test(url), hasCredentials: has('username') && has('credential') });
  }
  return links;
}

function readParameters(text: string, start: number): { parameters: Map<string, string>; end: number } {
  const parameters = new Map<string, string>();
  let end = start;
  for (;;) {
    PARAMETER.lastIndex = end;
    const match = PARAMETER.exec(text);
    if (!match) return { parameters, end };
    end = PARAMETER.lastIndex;
    const [, name = '', quoted, plain = ''] = match;
    // The first of several counts (RFC 8288 section 3.3).
    if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), quoted ?? plain);
  }
}
