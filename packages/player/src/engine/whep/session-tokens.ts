import { Authorizer, fetchAuthorized, parseOrigins } from '@gatecast/token';
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

/** The tokens of one stream: each request has one that is valid when it is sent. */
export function sessionTokens(authorizer: Authorizer, stream: string): SessionTokens {
  return {
    withoutTokens: (url) => authorizer.withoutTokens(url),
    isAllowedOrigin: (url) => authorizer.isAllowed(url),
    // The playback that ends has a token for the last DELETE, if it is valid: no other is requested for it.
    keepUntil: () => undefined,
    fetch: (url, init, fetch) => fetchAuthorized({ authorizer, url, stream, init, fetch }),
  };
}
