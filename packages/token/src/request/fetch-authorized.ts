import type { Authorizer } from './authorizer.js';
import { freshTokenRejected } from '../errors.js';
import type { GetOptions } from '../manager/token-manager.js';

export interface AuthorizedFetchOptions {
  readonly authorizer: Authorizer;
  readonly url: string;
  /** Whose token the request needs. */
  readonly stream: string;
  readonly init?: RequestInit;
  /** @defaultValue the page's own */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * `fetch` with a token: a refusal is answered with a new token and the same request, once. A token in a header of
 * another name than `Authorization` follows no redirect: the answer's `type` is `opaqueredirect` then.
 *
 * @throws GatecastError why there is no token; `token-rejected` when a fresh one is refused too.
 */
export async function fetchAuthorized(options: AuthorizedFetchOptions): Promise<Response> {
  const { authorizer, url, stream, init = {}, fetch = globalThis.fetch } = options;
  const wait: GetOptions = { signal: init.signal ?? undefined };
  for (let isRepeated = false; ; isRepeated = true) {
    const request = await authorizer.authorize(url, stream, wait);
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, value);
    const { credentials, redirect } = request;
    const response = await fetch(request.url, {
      ...init,
      headers,
      redirect,
      ...(credentials && { credentials }),
    });
    if (!authorizer.isRefusal(response.status, request)) {
      if (response.ok) authorizer.accepted(stream, request);
      return response;
    }
    // Unread, its body would hold the connection that the repetition could use.
    response.body?.cancel().catch(() => undefined);
    if (isRepeated) throw freshTokenRejected(stream, response.status);
    await authorizer.rejected(stream, request, wait);
  }
}
