/**
 * Sets the token as query parameter of a URL.
 *
 * Works on the text: `URLSearchParams` would re-encode the other parameters, which breaks signed queries.
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
  return `${path}?${[...kept, `${encodeURIComponent(parameter)}=${encodeURIComponent(token)}`].join('&')}`;
}

function nameOf(pair: string): string {
  const name = pair.split('=', 1)[0] ?? '';
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
