import { fetchAuthorized, wrongOption } from '@gatecast/token';
import { pageAddress } from '../session/read-options.js';
import type { TokenOptions } from '../session/token-options.js';
import { openSession, type SessionContext, type TokenControl } from '../session/open-session.js';

/** `fetch` with tokens. */
export interface FetchWithTokens {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>;
  readonly tokens: TokenControl;
}

/**
 * Wraps `fetch`: requests to the page's own origin and to `origins` get the token of their stream. It is renewed ahead while
 * requests are sent. A refusal (401 or 403) is one renewal and one repeat. The `url` of a response has no token.
 *
 * @param fetch - sends the requests.
 * @param options - `stream` is required.
 * @returns a function that throws what `fetch` throws, and `GatecastError` with the reason why there is no token. A new token
 * that the origin refuses is `token-rejected`.
 * @throws GatecastError `option-invalid`
 * @example
 * ```ts
 * const load = withTokens(fetch, { tokenUrl: '/api/tokens', stream: 'demo', origins: ['https://cdn.example.com'] });
 * const response = await load('https://cdn.example.com/live/demo/subtitles.vtt');
 * ```
 */
export function withTokens(fetch: typeof globalThis.fetch, options: TokenOptions): FetchWithTokens {
  return fetchWithSession(fetch, options, {});
}

/** @param context - what tests replace. */
export function fetchWithSession(
  fetch: typeof globalThis.fetch,
  options: TokenOptions,
  context: SessionContext,
): FetchWithTokens {
  if (options.stream === undefined)
    throw wrongOption('A fetch with tokens has no stream name.', 'Set stream to a name or a function.');
  const tokens = openSession(options, context);
  const { location } = globalThis as Partial<typeof globalThis>;
  if (location?.origin.startsWith('http')) tokens.open(location.origin);
  // Called without `this`, as `fetch` must be.
  const send: typeof globalThis.fetch = (input, init) => fetch(input, init);
  const load = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    if (tokens.signal.aborted) return send(input, init);
    const isRequest = input instanceof Request;
    const url = pageAddress(isRequest ? input.url : input);
    const whole = isRequest ? { ...(await initOf(input)), ...init } : init;
    const stream = tokens.streamOf({ url, playlist: url, kind: 'other' });
    const signal = whole.signal ?? null;
    const { authorizer } = tokens;
    try {
      const response = await fetchAuthorized({
        authorizer,
        url,
        stream,
        init: { ...whole, signal },
        fetch: send,
      });
      const { redirected, url: from } = response;
      return withoutToken(
        response,
        redirected ? authorizer.withoutTokens(from) : from && withoutFragment(url),
      );
    } catch (error) {
      tokens.report(stream, error);
      throw error;
    }
  };
  return Object.assign(load, { tokens });
}

/** A request as members for `fetch`, which can be sent twice. */
async function initOf(request: Request): Promise<RequestInit> {
  const {
    method,
    headers,
    signal,
    mode,
    credentials,
    cache,
    redirect,
    referrer,
    referrerPolicy,
    integrity,
    keepalive,
  } = request.clone();
  return {
    ...{ method, headers, signal, credentials, cache, redirect, referrer },
    ...{ referrerPolicy, integrity, keepalive },
    // A page cannot send a request as the browser's own.
    ...(mode !== 'navigate' && { mode }),
    ...(method !== 'GET' && method !== 'HEAD' && { body: await request.arrayBuffer() }),
  };
}

/** Also each clone of it: a service worker keeps one as a rule. */
function withoutToken(response: Response, url: string): Response {
  const clone = (): Response => withoutToken(Response.prototype.clone.call(response), url);
  return Object.defineProperties(response, {
    url: { value: url, configurable: true },
    clone: { value: clone, configurable: true },
  });
}

function withoutFragment(url: string): string {
  return url.replace(/#.*$/s, '');
}
