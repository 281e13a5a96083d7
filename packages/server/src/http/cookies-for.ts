/**
 * The header `Cookie` that a browser sends to an address after `Set-Cookie` fields of a response (RFC 6265 section 5.4); `null`
 * if none of them goes there.
 *
 * @param setCookies - values of `Set-Cookie`.
 * @param setBy - host of the response: a cookie without `Domain` goes to this host only.
 */
export function cookiesFor(setCookies: readonly string[], url: URL, setBy: string): string | null {
  const pairs = new Map<string, string>();
  for (const line of setCookies) {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    if (pair.indexOf('=') > 0 && goesTo(url, attributes, setBy)) pairs.set(pair.split('=', 1)[0] ?? '', pair);
  }
  return pairs.size > 0 ? [...pairs.values()].join('; ') : null;
}

function goesTo(
  { hostname, pathname, protocol }: URL,
  attributes: readonly string[],
  setBy: string,
): boolean {
  const values = new Map(
    attributes.map((attribute) => {
      const [name = '', value = ''] = attribute.split('=', 2);
      return [name.toLowerCase(), value];
    }),
  );
  const domain = values.get('domain')?.replace(/^\./, '').toLowerCase();
  const isHost = domain ? hostname === domain || hostname.endsWith(`.${domain}`) : hostname === setBy;
  const folder = values.get('path') ?? '/';
  const isPath = pathname === folder || pathname.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
  const isRemoved = Number(values.get('max-age') ?? 1) <= 0;
  return isHost && isPath && !isRemoved && (protocol === 'https:' || !values.has('secure'));
}
