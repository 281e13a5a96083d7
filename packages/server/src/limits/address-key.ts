import ipaddr from 'ipaddr.js';

/**
 * The rate limit key of a client address: an IPv4 address, or the /64 network of an IPv6 address.
 *
 * A customer has at least a /64 network (RFC 6177), so a limit per IPv6 address would be easy to avoid. A port, which some
 * reverse proxies add, is ignored: with it each connection would count as a new client. So
 * are the quotes of `Forwarded` (RFC 7239 section 6).
 */
export function addressKey(address: string): string {
  const plain = withoutPort(address.trim().replace(/^"(.*)"$/, '$1'));
  if (!plain.includes(':')) return plain;
  // With a port but without brackets: `::ffff:192.0.2.1:80`.
  const text = ipaddr.IPv6.isValid(plain) ? plain : plain.replace(/(\.\d+):\d+$/, '$1');
  if (!ipaddr.IPv6.isValid(text)) return plain;
  const parsed = ipaddr.IPv6.parse(text);
  // A dual-stack socket reports IPv4 clients in this form.
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  return `${new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}

function withoutPort(address: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1];
  return bracketed ?? address.replace(/^([^:]+):\d+$/, '$1');
}
