const WHOLE_NUMBER = /^\d{1,15}$/;

/**
 * Adds the delivery directives of a player's request to the URL of a playlist: a low-latency player tells the origin which
 * part to wait for. Other parameters, and values that the specification does not allow, are left out.
 *
 * @param query - query of the player's request.
 * @see RFC 8216bis section 6.2.5
 */
export function withDeliveryDirectives(url: URL, query: URLSearchParams): URL {
  const sequence = query.get('_HLS_msn') ?? '';
  const part = query.get('_HLS_part') ?? '';
  const skip = query.get('_HLS_skip') ?? '';
  const directives: string[] = [];
  if (WHOLE_NUMBER.test(sequence)) {
    directives.push(`_HLS_msn=${sequence}`);
    // A part without its segment has no meaning.
    if (WHOLE_NUMBER.test(part)) directives.push(`_HLS_part=${part}`);
  }
  if (skip === 'YES' || skip === 'v2') directives.push(`_HLS_skip=${skip}`);
  if (directives.length === 0) return url;
  const wanted = new URL(url);
  // Not searchParams, which would re-encode a signed query.
  wanted.search = [url.search.slice(1), ...directives].filter((part) => part !== '').join('&');
  return wanted;
}
