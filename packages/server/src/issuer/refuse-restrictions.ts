import { Problem } from '../http/problem.js';
import type { StreamGrant } from './token-issuer.js';

/**
 * For issuers whose tokens nobody binds: a restriction that `authorize` asked for is never dropped in silence.
 *
 * @throws Problem `issuer-parameter-invalid`
 */
export function refuseRestrictions({ restrictions }: StreamGrant, issuer: string): void {
  const name = (['ip', 'referer'] as const).find((each) => restrictions?.[each] !== undefined);
  if (name === undefined) return;
  throw new Problem('issuer-parameter-invalid', `${issuer} cannot bind a token by "${name}".`, {
    hint: 'Leave it out of what authorize allows, or put what your origin checks into its claims.',
  });
}
