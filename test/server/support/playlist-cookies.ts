import type { IssuedGrant, PlaylistCookie, PlaylistCookieChange } from '@gatecast/server';

/** A grant for one stream that ends in an hour of `nowMs`. */
export function grantFor(stream: string, part: Partial<IssuedGrant> = {}, nowMs = Date.now()): IssuedGrant {
  const expiresAt = Math.floor(nowMs / 1000) + 3600;
  return { stream, expiresAt, claims: {}, restrictions: {}, id: `id-${stream}`, ...part };
}

/** A request with cookies, given as `Set-Cookie` values of the backend. */
export function requestWith(setCookies: readonly (string | null)[], url = 'https://page.test/'): Request {
  const Cookie = setCookies.flatMap((each) => each?.split(';')[0] ?? []).join('; ');
  return new Request(url, { headers: Cookie === '' ? {} : { Cookie } });
}

/** The header `Cookie` of a player that may watch these streams. */
export async function cookieFor(
  cookie: PlaylistCookie,
  streams: readonly (string | IssuedGrant)[],
  change: Partial<PlaylistCookieChange> = {},
): Promise<string> {
  const granted = streams.map((stream) => (typeof stream === 'string' ? grantFor(stream) : stream));
  const setCookie = await cookie.cookie(requestWith([]), { user: undefined, granted, ...change });
  return setCookie?.split(';')[0] ?? '';
}
