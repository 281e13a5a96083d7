import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';

/**
 * The client's address: the socket's, or what the outermost trusted proxy wrote.
 *
 * @param trustedProxies - how many proxies of ours the request came through; anything further left in
 *   `X-Forwarded-For` was written by the client and may be a lie.
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
