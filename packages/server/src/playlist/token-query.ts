/** Of what `encodeURIComponent` encodes, what a query may contain (RFC 3986 section 3.4). */
const RAW_IN_QUERY = /%(?:24|2C|2F|3A|3B|3D|3F|40)/g;

/**
 * Sets the token as query parameter of a URL.
 *
 * Works on the text: `URLSearchParams` would re-encode the other parameters, which breaks signed queries.
 * Of the token, only what a query may not contain is encoded: some origins read `~acl=/live/*~hmac=…` undecoded.
 */
export function withTokenQuery(url: string, parameter: string, token: string): string {
  const hashAt = url.indexOf('#');
  const plain = hashAt < 0 ? url : url.slice(0, hashAt);
  const queryAt = plain.indexOf('?');
  const path = queryAt < 0 ? plain : plain.slice(0, queryAt);
  const kept =
    queryAt < 0
      ? []
      : plain
          .slice(queryAt + 1)
          .split('&')
          .filter((pair) => pair !== '' && nameOf(pair) !== parameter);
  return `${path}?${[...kept, `${encodeURIComponent(parameter)}=${encodeToken(token)}`].join('&')}`;
}

/** The token as {@link withTokenQuery} writes it. */
export function encodeToken(token: string): string {
  return encodeURIComponent(token).replace(RAW_IN_QUERY, decodeURIComponent);
}

function nameOf(pair: string): string {
  const name = pair.split('=', 1)[0] ?? '';
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
