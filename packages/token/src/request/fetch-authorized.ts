import type { AuthorizedRequest, Authorizer } from './authorizer.js';
import { withFreshToken } from './with-fresh-token.js';
import type { GetOptions } from '../manager/token-manager.js';

export interface AuthorizedFetchOptions {
  readonly authorizer: Pick<
    Authorizer,
    'authorize' | 'replace' | 'replaceUnreadable' | 'isRefusal' | 'checkFailure' | 'accepted'
  >;
  readonly url: string;
  /** Name of the stream whose token the request needs. */
  readonly stream: string;
  readonly init?: RequestInit;
  /** @defaultValue the page's own */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * `fetch` with a token. If the origin refuses it, or if the browser may hide a refusal, gets a new token and repeats the
 * request once. With a token in a header
 * other than `Authorization`, redirects are not followed: the response's `type` is `opaqueredirect`. `init.redirect` is kept if it
 * forbids redirects, too.
 *
 * @throws GatecastError why there is no token, or why the access has ended; `token-rejected` when a fresh one is refused too.
 */
export async function fetchAuthorized(options: AuthorizedFetchOptions): Promise<Response> {
  const { authorizer, url, stream, init = {} } = options;
  const wait: GetOptions = { signal: init.signal ?? undefined };
  return withFreshToken<AuthorizedRequest, Response>({
    stream,
    get: () => authorizer.authorize(url, stream, wait),
    use: async (authorized) => {
      let request = authorized;
      const response = await send(request, options).catch(async (error: unknown) => {
        if (!(error instanceof TypeError)) throw error;
        const renewed = await authorizer.replaceUnreadable(url, stream, request, wait);
        if (!renewed) throw error;
        return send((request = renewed), options);
      });
      if (!authorizer.isRefusal(response.status, request)) {
        if (response.ok) authorizer.accepted(stream, request, response);
        return { kind: 'done', result: response };
      }
      await authorizer.checkFailure(response, stream, request, init.signal);
      return { kind: 'refused', status: response.status };
    },
    replace: (request) => authorizer.replace(url, stream, request, wait),
  });
}

function send(request: AuthorizedRequest, options: AuthorizedFetchOptions): Promise<Response> {
  const { init = {}, fetch = globalThis.fetch } = options;
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, value);
  const { credentials, prove } = request;
  const { redirect = 'follow' } = init;
  const sent = {
    ...init,
    headers,
    redirect: redirect === 'follow' ? request.redirect : redirect,
    ...(credentials && { credentials }),
  };
  return (prove?.(fetch) ?? fetch)(request.url, sent);
}
