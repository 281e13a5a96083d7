import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';

/**
 * The scheme that the client used, as the first trusted reverse proxy reports it in `X-Forwarded-Proto` or `Forwarded`
 * (RFC 7239). `undefined` without a trusted proxy, or if it reports nothing: then the URL of the request decides.
 *
 * @param trustedProxies - number of own reverse proxies in front of the server. Without one, the headers come from the client
 *   and are not trusted.
 */
export function clientProtocol(
  { headers }: IncomingMessage | Http2ServerRequest,
  trustedProxies: number,
): 'http' | 'https' | undefined {
  if (trustedProxies === 0) return undefined;
  const reported =
    listOf(headers['x-forwarded-proto']) ??
    listOf(headers.forwarded)?.map((element) => /(?:^|;)\s*proto="?(\w+)"?\s*(?:;|$)/i.exec(element)?.[1]);
  // Many proxies replace the header instead of adding to it, so the list may be shorter than the number of proxies.
  const protocol = (reported?.at(-trustedProxies) ?? reported?.[0])?.toLowerCase();
  return protocol === 'http' || protocol === 'https' ? protocol : undefined;
}

function listOf(header: string | string[] | undefined): string[] | undefined {
  return header === undefined
    ? undefined
    : String(header)
        .split(',')
        .map((each) => each.trim());
}
