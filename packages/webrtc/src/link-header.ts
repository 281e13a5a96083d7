/** Longest header that is read; servers and browsers limit all headers together to less than twice as much. */
const LIMIT = 131_072;

/** More links than this are not read: a response has some. */
const LINK_LIMIT = 64;

/** More than this slow down the search for candidates, and some browsers refuse them. */
const SERVER_LIMIT = 16;

/** A link of a `Link` header. */
export interface Link {
  /** As it is written: it may be relative to the address of the response. */
  readonly target: string;
  /** In lower case. */
  readonly relations: readonly string[];
  /** By name in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

// Each pattern matches at one position only, and what it has read is not read again: the time is linear.
const TARGET = /<([^>]*)>/y;
const PARAMETER =
  /\s*;\s*([\w!#$&+.^`|~*-]+)(?:\s*=\s*(?:"([^"\\]*(?:\\.[^"\\]*)*)(?:"|\\?$)|([^\s",;]+)))?/sy;

/**
 * The links of a response, in a time that grows no faster than the header. At most 64 are read.
 *
 * @param header - all `Link` headers, joined with commas. What follows after 131,072 characters is not read.
 * @see https://www.rfc-editor.org/rfc/rfc8288#section-3
 */
export function parseLinks(header: string | null): Link[] {
  const text = (header ?? '').slice(0, LIMIT);
  const links: Link[] = [];
  for (let at = text.indexOf('<'); at >= 0 && links.length < LINK_LIMIT; at = text.indexOf('<', at)) {
    TARGET.lastIndex = at;
    const target = TARGET.exec(text)?.[1];
    if (target === undefined) break;
    const { parameters, end } = readParameters(text, TARGET.lastIndex);
    at = end;
    links.push({ target, relations: (parameters.get('rel') ?? '').toLowerCase().split(/\s+/), parameters });
  }
  return links;
}

/**
 * STUN and TURN servers from the `Link` headers of a WHIP or WHEP response; at most 16.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9725#section-4.6
 */
export function iceServersOf(header: string | null): RTCIceServer[] {
  return parseLinks(header)
    .filter(({ target, relations }) => relations.includes('ice-server') && /^(stun|turn)s?:/i.test(target))
    .slice(0, SERVER_LIMIT)
    .map(({ target, parameters }) => {
      const username = parameters.get('username');
      const credential = parameters.get('credential');
      return {
        urls: target,
        ...(username !== undefined && { username }),
        ...(credential !== undefined && { credential }),
      };
    });
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
