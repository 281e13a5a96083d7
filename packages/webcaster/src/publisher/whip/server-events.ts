import { parseLinks } from '@gatecast/webrtc';

/** The draft of WHEP names it `core`, RFC 9725 has `example` in its example; servers for WHIP use either. */
const RELATION = /^urn:ietf:params:whi[ep]:ext:[\w-]+:server-sent-events$/;

/**
 * The address of the server's events about a session, from the `Link` header of its response; `null` without one.
 *
 * @param baseUrl - absolute address that a relative one is resolved against.
 * @see https://www.rfc-editor.org/rfc/rfc9725#section-4.9
 */
export function findServerEvents(header: string | null, baseUrl: string): string | null {
  const link = parseLinks(header).find(({ relations }) => relations.some((each) => RELATION.test(each)));
  if (!link || !URL.canParse(link.target, baseUrl)) return null;
  const url = new URL(link.target, baseUrl);
  // Behind a proxy that ends TLS a server does not know its own scheme.
  if (url.protocol === 'http:' && baseUrl.startsWith('https:')) url.protocol = 'https:';
  return /^https?:$/.test(url.protocol) ? url.href : null;
}
