import type { StreamGrant } from '../grant/grant.js';
import { Problem } from '../http/problem.js';

/**
 * For issuers that cannot bind tokens to an IP address or referer: refuses such a grant instead of ignoring it.
 *
 * @param supported - restrictions that the issuer applies.
 * @throws Problem `issuer-parameter-invalid`
 */
export function refuseRestrictions(
  { restrictions }: StreamGrant,
  issuer: string,
  supported: readonly string[] = [],
): void {
  if (!restrictions) return;
  const name = (['ip', 'referer'] as const).find(
    (each) => restrictions[each] !== undefined && !supported.includes(each),
  );
  if (name === undefined) return;
  throw new Problem('issuer-parameter-invalid', `${issuer} cannot restrict a token by "${name}".`, {
    hint: 'Remove the restriction from the result of authorize, or set a claim that your origin checks.',
  });
}

/**
 * For issuers whose service decides the claims: refuses a grant with others instead of issuing a token without them.
 *
 * @param supported - claims that the issuer applies.
 * @throws Problem `issuer-parameter-invalid`
 */
export function refuseClaims(
  { claims = {} }: StreamGrant,
  issuer: string,
  supported: readonly string[],
): void {
  const name = Object.keys(claims).find((each) => !supported.includes(each));
  if (name === undefined) return;
  throw new Problem('issuer-parameter-invalid', `${issuer} cannot add the claim "${name}" to a token.`, {
    hint: 'Return the claim only for requests of the other purpose, or use an issuer that signs with your own key.',
  });
}
