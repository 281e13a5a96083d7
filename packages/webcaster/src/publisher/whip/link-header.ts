/** Longest header that is read; servers and browsers limit all headers together to less than twice as much. */
const LIMIT = 131_072;

/** More than this slow down the search for candidates, and some browsers refuse them. */
const SERVER_LIMIT = 16;

// Each pattern matches at one position only, and what it has read is not read again: the time is linear.
const TARGET = /<([^>]*)>/y;
const PARAMETER =
  /\s*;\s*([\w!#$&+.^`|~*-]+)(?:\s*=\s*(?:"([^"\\]*(?:\\.[^"\\]*)*)(?:"|\\?$)|([^\s",;]+)))?/sy;

/**
 * STUN and TURN servers from the `Link` headers of a WHIP response, in a time that grows no faster than the header.
 *
 * @param header - all `Link` headers, joined with commas. What follows after 131,072 characters is not read.
 * @see https://www.rfc-editor.org/rfc/rfc9725#section-4.6
 */
export function parseIceServers(header: string | null): RTCIceServer[] {
  const text = (header ?? '').slice(0, LIMIT);
  const servers: RTCIceServer[] = [];
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    TARGET.lastIndex = at;
    const url = TARGET.exec(text)?.[1];
    if (url === undefined) break;
    const { parameters, end } = readParameters(text, TARGET.lastIndex);
    at = end;
    const relations = (parameters.get('rel') ?? '').toLowerCase().split(/\s+/);
    if (!relations.includes('ice-server') || !/^(stun|turn)s?:/i.test(url)) continue;
    const username = parameters.get('username');
    const credential = parameters.get('credential');
    servers.push({
      urls: url,
      ...(username !== undefined && { username }),
      ...(credential !== undefined && { credential }),
    });
    if (servers.length === SERVER_LIMIT) break;
  }
  return servers;
}

function readParameters(text: string, start: number): { parameters: Map<string, string>; end: number } {
  const parameters = new Map<string, string>();
  let end = start;
  for (;;) {
    PARAMETER.lastIndex = end;
    const match = PARAMETER.exec(text);
    if (!match) return { parameters, end };
    end = PARAMETER.lastIndex;
    const [, name = '', quoted, plain] = match;
    const value = quoted?.replace(/\\(.)/gs, '$1') ?? plain ?? '';
    // The first of several counts (RFC 8288 section 3.3).
    if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
  }
}
