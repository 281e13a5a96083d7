import type { TokenRequest } from './token-endpoint.js';

/**
 * How a client sends a token request, so that one that a page sends early is the same as the element's own.
 *
 * The first request also accepts a response in parts, with the first media after the tokens (RFC 2046 section 5.1).
 */
export function tokenRequestInit(request: TokenRequest, credentials: RequestCredentials): RequestInit {
  const mixed = request.reason === 'initial' ? ',multipart/mixed' : '';
  return {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: `application/json,application/jwt,text/plain${mixed}`,
    },
    body: JSON.stringify(request),
    credentials,
    cache: 'no-store',
  };
}

/** The name of a token endpoint as clients share it: two elements with equal names share tokens. */
export function endpointName(url: string, credentials: RequestCredentials): string {
  return `${credentials} ${url}`;
}
