import { Authorizer, fetchAuthorized, parseOrigins, type AuthorizedRequest } from '@gatecast/token';
import type { SessionTokens } from '@gatecast/webrtc';
import type { EngineHost } from '../engine.js';
import type { WhepOptions } from './whep-options.js';

/** Where the tokens of HLS go if the page has chosen no place. */
const OTHERS_DEFAULT = 'query:token';

/**
 * Adds tokens to the requests of WHEP sessions, in `Authorization: Bearer` unless the page has chosen another place.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-wish-whep/ (Authentication and authorization)
 */
export function whepAuthorizer(host: EngineHost<WhepOptions>): Authorizer {
  const { tokens, element, options, source } = host;
  const isChosen = options.tokenPlacement !== OTHERS_DEFAULT || element.hasAttribute('token-placement');
  if (tokens === null || isChosen) return host.authorizer;
  return new Authorizer({
    tokens,
    placement: { kind: 'header', name: 'Authorization', scheme: 'Bearer ' },
    origins: [
      ...parseOrigins(options.tokenOrigins),
      ...source.entries.flatMap(({ whepUrl }) => whepUrl ?? []),
    ],
  });
}

/**
 * The tokens of one stream: each request has one that is valid when it is sent. Only a refused offer is a reason to request another:
 * servers refuse the other requests for what they are, too, and a session that cannot go on is replaced.
 */
export function sessionTokens(authorizer: Authorizer, stream: string): SessionTokens {
  return {
    ...eventTokens(authorizer, stream),
    fetch: (url, init, fetch) =>
      init.method === 'POST'
        ? fetchAuthorized({ authorizer, url, stream, init, fetch })
        : fetchOnce({ authorizer, url, stream, init, fetch }),
  };
}

/** Those of requests besides the session itself: a refusal of them does not lead to another token. */
export function eventTokens(authorizer: Authorizer, stream: string): SessionTokens {
  return {
    withoutTokens: (url) => authorizer.withoutTokens(url),
    isAllowedOrigin: (url) => authorizer.isAllowed(url),
    ready: (url, signal) => authorizer.authorize(url, stream, { signal }),
    // A DELETE has the token that is there.
    keepUntil: () => undefined,
    fetch: (url, init, fetch) => fetchOnce({ authorizer, url, stream, init, fetch }),
  };
}

interface OnceOptions {
  readonly authorizer: Authorizer;
  readonly url: string;
  readonly stream: string;
  readonly init: RequestInit;
  readonly fetch: typeof globalThis.fetch | undefined;
}

/**
 * Sends a request whose refusal says nothing about the token.
 *
 * @throws GatecastError why there is no token, or why the access has ended.
 */
async function fetchOnce({ authorizer, url, stream, init, fetch }: OnceOptions): Promise<Response> {
  // A viewer who has left needs no token again.
  const request =
    init.method === 'DELETE'
      ? (authorizer.authorizeNow(url, stream) ?? withoutToken(url))
      : await authorizer.authorize(url, stream, { signal: init.signal ?? undefined });
  const response = await fetchAuthorized({
    authorizer: {
      authorize: () => Promise.resolve(request),
      replace: () => Promise.resolve(request),
      replaceUnreadable: () => Promise.resolve(null),
      isRefusal: () => false,
      checkFailure: () => Promise.resolve(),
      accepted: (...accepted) => authorizer.accepted(...accepted),
    },
    url,
    stream,
    init,
    fetch,
  });
  if (authorizer.isRefusal(response.status, request))
    await authorizer.checkFailure(response, stream, request, init.signal);
  return response;
}

function withoutToken(url: string): AuthorizedRequest {
  return { url, headers: {}, credentials: undefined, redirect: 'follow', version: null };
}
