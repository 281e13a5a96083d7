import ipaddr from 'ipaddr.js';

/**
 * The key under which limits count a client address: an IPv4 address itself, the network of 64 bits of an IPv6 address.
 *
 * One customer has at least such a network (RFC 6177), so a limit per IPv6 address would be easy to avoid. A port,
 * which some proxies add, is ignored: with it each connection would count as another client.
 */
export function addressKey(address: string): string {
  const plain = withoutPort(address.trim());
  if (!plain.includes(':')) return plain;
  if (!ipaddr.IPv6.isValid(plain)) return plain;
  const parsed = ipaddr.IPv6.parse(plain);
  // A socket that listens for both families reports an IPv4 client like this.
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  return `${new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}

function withoutPort(address: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1];
  return bracketed ?? address.replace(/^([^:]+):\d+$/, '$1');
}
