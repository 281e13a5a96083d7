import { Authorizer, type Placement } from '@gatecast/token';
import type { TokenSession } from './open-session.js';

/**
 * Adds tokens to requests of one licence server; to none if its origin may not receive them.
 *
 * @param placement - `null` for other requests, which have the session’s placement.
 */
export function licenceAuthorizer(
  { authorizer, tokens }: Pick<TokenSession, 'authorizer' | 'tokens'>,
  placement: Placement | null,
  url: string,
): Authorizer {
  return placement && authorizer.isAllowed(url)
    ? // The origin only: a token with an address of its own replaces that of an entry, and this is none.
      new Authorizer({ tokens, placement, origins: [new URL(url).origin] })
    : authorizer;
}
