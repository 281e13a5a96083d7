import type { IngestTokens } from '../publisher.js';
import { redirectRefused } from './whip-errors.js';

/**
 * A request to the ingest with a fresh token. Redirects are followed; to another origin browsers drop the token, so
 * there it is sent again if that origin may have it. A token that they would not drop follows none.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9725#section-4.5
 */
export function fetchIngest(tokens: IngestTokens, url: string, init: RequestInit): Promise<Response> {
  return tokens.fetch(url, init, async (input, sent) => {
    const response = await fetch(input, sent);
    if (response.type === 'opaqueredirect') throw redirectRefused();
    const isRefused = response.status === 401 || response.status === 403;
    const isElsewhere = response.redirected && new URL(response.url).origin !== new URL(url).origin;
    if (!isRefused || !isElsewhere) return response;
    if (!tokens.isAllowedOrigin(response.url)) throw redirectRefused();
    return fetch(response.url, sent);
  });
}
