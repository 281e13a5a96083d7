import { Problem } from '../http/problem.js';
import type { StreamGrant } from '../grant/grant.js';

/**
 * For issuers that cannot bind tokens to an IP address or referer: refuses such a grant instead of ignoring it.
 *
 * @throws Problem `issuer-parameter-invalid`
 */
export function refuseRestrictions({ restrictions }: StreamGrant, issuer: string): void {
  const name = (['ip', 'referer'] as const).find((each) => restrictions?.[each] !== undefined);
  if (name === undefined) return;
  throw new Problem('issuer-parameter-invalid', `${issuer} cannot restrict a token by "${name}".`, {
    hint: 'Remove the restriction from the result of authorize, or set a claim that your origin checks.',
  });
}
