const PATH_TOKEN = /^\/t\/([^/]+)(\/live\/.*)$/;

/**
 * `/t/<token>/live/…` is `/live/…?token=<token>`: the form of token that the relative addresses of a playlist inherit,
 * as content networks offer it for players that sign nothing themselves.
 */
export function readPathToken(request: Request): Request {
  const url = new URL(request.url);
  const [, token, path] = PATH_TOKEN.exec(url.pathname) ?? [];
  if (token === undefined || path === undefined) return request;
  const query = url.search === '' ? '?' : `${url.search}&`;
  return new Request(`${url.origin}${path}${query}token=${token}`, request);
}
