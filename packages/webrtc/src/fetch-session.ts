import type { SessionContext } from './session-context.js';

/**
 * Sends a request to the server with a fresh token and follows redirects. On a redirect to another origin, browsers drop a
 * token in a header, and the new address has none in its query or path. So the request is sent there again if that
 * origin may receive the token. A token that browsers would not drop follows no redirect.
 *
 * @throws GatecastError `redirectRefused` of the context’s errors.
 * @see https://www.rfc-editor.org/rfc/rfc9725#section-4.5
 */
export function fetchInSession(
  { tokens, errors }: Pick<SessionContext, 'tokens' | 'errors'>,
  url: string,
  init: RequestInit,
): Promise<Response> {
  return tokens.fetch(url, init, async (input, sent) => {
    const response = await fetch(input, sent);
    if (response.type === 'opaqueredirect') throw errors.redirectRefused();
    const isRefused = response.status === 401 || response.status === 403;
    const isElsewhere = response.redirected && new URL(response.url).origin !== new URL(url).origin;
    if (!isRefused || !isElsewhere) return response;
    if (!tokens.isAllowedOrigin(response.url)) throw errors.redirectRefused();
    return tokens.fetch(tokens.withoutTokens(response.url), init, fetch);
  });
}
