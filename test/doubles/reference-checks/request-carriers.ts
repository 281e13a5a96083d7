/** The values of the fields of a query, as they are written. */
export function queryOf(request: Request): Map<string, string> {
  const at = request.url.indexOf('?');
  return new Map(
    at < 0
      ? []
      : request.url
          .slice(at + 1)
          .split('&')
          .map(splitPair),
  );
}

export function cookiesOf(request: Request): Map<string, string> {
  return new Map((request.headers.get('Cookie') ?? '').split(/;\s*/).map(splitPair));
}

/** The address without its query. */
export function addressOf({ url }: Request): string {
  return url.replace(/\?.*/s, '');
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}
