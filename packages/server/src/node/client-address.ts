import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';

/**
 * The client's IP address: that of the socket, or the one that the first trusted reverse proxy added.
 *
 * @param trustedProxies - number of own reverse proxies in front of the server. Entries of `X-Forwarded-For` to the left
 *   of theirs come from the client and are not trusted.
 */
export function clientAddress(
  incoming: IncomingMessage | Http2ServerRequest,
  trustedProxies: number,
): string | undefined {
  const socketAddress = incoming.socket.remoteAddress;
  if (trustedProxies === 0) return socketAddress;
  const header = incoming.headers['x-forwarded-for'];
  const hops = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((hop) => hop.trim());
  return hops.filter((hop) => hop !== '').at(-trustedProxies) ?? socketAddress;
}
