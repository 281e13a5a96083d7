const PATH_TOKEN = /^\/t\/([^/]+)(\/live\/.*)$/;

/**
 * Rewrites `/t/<token>/live/…` to `/live/…?token=<token>`. With the token in the path, the relative URLs in a playlist
 * keep it. CDNs offer this form for players that cannot add a token to each request.
 */
export function readPathToken(request: Request): Request {
  const url = new URL(request.url);
  const [, token, path] = PATH_TOKEN.exec(url.pathname) ?? [];
  if (token === undefined || path === undefined) return request;
  const query = url.search === '' ? '?' : `${url.search}&`;
  return new Request(`${url.origin}${path}${query}token=${token}`, request);
}
