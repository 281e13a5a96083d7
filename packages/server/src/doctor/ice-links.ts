/** Longer headers are not read. */
const LONGEST = 16_384;

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
  return (header ?? '')
    .slice(0, LONGEST)
    .split(/,\s*(?=<)/)
    .filter((link) => /^\s*<(?:stun|turn)s?:/i.test(link) && /;\s*rel="?ice-server\b/i.test(link))
    .map((link) => ({
      isTurn: /^\s*<turn/i.test(link),
      hasCredentials: has(link, 'username') && has(link, 'credential'),
    }));
}

function has(link: string, name: string): boolean {
  return new RegExp(`;\\s*${name}="?[^\\s";]`, 'i').test(link);
}
