import { Problem } from '../http/problem.js';
import type { StreamGrant } from '../grant/grant.js';

/**
 * The session id of a token: the id of the grant, else a new one. It stands in a text with separators, so that it may have
 * letters, digits, `.`, `_` and `-` only, at most 64.
 *
 * @throws Problem `issuer-parameter-invalid`
 */
export function sessionIdOf({ id = crypto.randomUUID() }: StreamGrant): string {
  if (/^[\w.-]{1,64}$/.test(id)) return id;
  throw new Problem('issuer-parameter-invalid', 'The id of the grant cannot be the session id of a token.', {
    hint: 'Use 1 to 64 letters, digits, dots, hyphens and underscores.',
  });
}
