import { Problem } from '@gatecast/server';
import { importJWK, type JWK } from 'jose';
import type { SchemeCheck } from '../../../demo/backend/schemes/scheme-row.js';
import { addressOf, cookiesOf, queryOf } from './request-carriers.js';
import { verifiedJwt } from './verified-jwt.js';

const FIELD = 'URISigningPackage';

/**
 * Checks as the plugin `uri_signing` of Traffic Server does: in the query, then in the cookie. A token without a container is
 * refused, although the plugin would accept it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9246
 */
export const uriSigningCheck: SchemeCheck = async (request, { config, context, nowMs }) => {
  const jwk = JSON.parse(await context.readSecret(config['key'] as { env: string })) as JWK;
  const key = await importJWK(jwk, 'HS256');
  const check = async (token: string | undefined): Promise<{ readonly expiresAt: number }> => {
    const { claims, kid, expiresAt } = await verifiedJwt(token, () => key, nowMs, {
      algorithms: ['HS256'],
      issuer: String(config['issuer']),
    });
    const known = ['jti', 'cdnicrit', 'cdniip'].every((name) => claims[name] === undefined);
    if (kid !== jwk.kid || !known || claims['cdniv'] !== 1)
      throw new Problem('token-invalid', 'Traffic Server refuses the token.');
    const [, expression] = /^regex:(.+)$/s.exec(String(claims['cdniuc'])) ?? [];
    if (expression === undefined || !new RegExp(expression).test(addressOf(request)))
      throw new Problem('token-wrong-stream', 'The token is for another address.');
    return { expiresAt };
  };
  const [inQuery, inCookie] = [queryOf(request).get(FIELD), cookiesOf(request).get(FIELD)];
  if (inQuery === undefined || inCookie === undefined) return check(inQuery ?? inCookie);
  return check(inQuery).catch(() => check(inCookie));
};
