/**
 * What an address counts as for limits: an IPv4 address itself, of an IPv6 address the network of 64 bits.
 *
 * One customer has at least such a network (RFC 6177), so single addresses of it would be limits that anybody escapes.
 * A port, which some proxies write along, would make each connection a client of its own.
 */
export function addressKey(address: string): string {
  const plain = withoutPort(address.trim());
  if (!plain.includes(':')) return plain;
  const groups = groupsOf(plain);
  if (!groups) return plain;
  const [high = 0, low = 0] = groups.slice(6);
  // An IPv4 client of a socket that listens for both.
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

function withoutPort(address: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1];
  return bracketed ?? address.replace(/^([^:]+):\d+$/, '$1');
}

/** The eight groups of an IPv6 address, or `null`. The URL parser knows every way to write one. */
function groupsOf(address: string): number[] | null {
  const url = `http://[${address.replace(/%.*$/, '')}]/`;
  if (!URL.canParse(url)) return null;
  const [head = '', tail = ''] = new URL(url).hostname.slice(1, -1).split('::');
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  const [before, after] = [parse(head), parse(tail)];
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}
