import { isNumericDate } from '@gatecast/contract';
import { Problem } from '../../http/problem.js';
import type { SecretReference } from '../config-fields.js';
import type { TokenScheme } from '../issuer-type.js';
import { missingToken, schemeReading } from '../scheme-checks.js';
import { pathBeforeStream, pathOf } from '../stream-template.js';
import { isJwt, jwtsIn, readVendorJwt, vendorKey, verifyVendorJwt } from '../vendor-jwt.js';

const NAME = 'Cloudflare Stream';
/** Claims of a token of Cloudflare Stream. A JWT with others, such as `aud`, is of another scheme. */
const CLAIMS = ['sub', 'kid', 'exp', 'nbf', 'accessRules', 'downloadable'];

/** What `verify` needs of the configuration. */
interface CloudflareKeyConfig {
  readonly keyId: string;
  readonly privateKey: SecretReference;
  readonly url?: string | undefined;
}

/** Signed tokens of Cloudflare Stream, in the place of the video's uid in the path. */
export const cloudflareStreamScheme: TokenScheme<CloudflareKeyConfig> = {
  inspect(text) {
    const tokens = jwtsIn(text);
    const read = readVendorJwt(tokens[0] ?? '');
    if (!read) return null;
    const { sub, exp, nbf, kid, accessRules, downloadable } = read.claims;
    if (typeof kid !== 'string' || Object.keys(read.claims).some((name) => !CLAIMS.includes(name)))
      return null;
    return schemeReading(
      NAME,
      [
        ['sub (video uid)', sub],
        ['kid', kid],
        ['nbf', nbf],
        ['exp', exp],
        ['downloadable', downloadable === undefined ? undefined : JSON.stringify(downloadable)],
        ['accessRules', accessRules === undefined ? undefined : JSON.stringify(accessRules)],
      ],
      exp,
      [
        ...(tokens.length > 1 ? ['The text has more than one JWT.'] : []),
        ...(sub === undefined ? ['The token names no video: the claim "sub" is missing.'] : []),
        ...(exp !== undefined && !isNumericDate(exp) ? ['The claim "exp" is not a number of seconds.'] : []),
        ...(read.keyId === kid ? [] : ['The header "kid" and the claim "kid" differ.']),
      ],
    );
  },

  async verify(request, { keyId, privateKey, url }, context, nowMs) {
    const path = pathOf(request.url);
    const before = pathBeforeStream(url);
    const [token = '', ...rest] = path.startsWith(before) ? path.slice(before.length).split('/') : [];
    if (!isJwt(token)) throw missingToken(NAME);
    if (rest.some(isJwt)) throw new Problem('token-invalid', 'The path has more than one token.');
    const keys = await vendorKey(keyId, await context.readSecret(privateKey));
    const { exp, sub, kid, accessRules } = await verifyVendorJwt(token, keys, nowMs);
    if (kid !== keyId) throw new Problem('token-invalid', 'The claim "kid" is not the id of the key.');
    if (sub === undefined || sub === '')
      throw new Problem('token-invalid', 'The token names no video: the claim "sub" is missing.');
    if (accessRules !== undefined) {
      throw new Problem('token-invalid', 'The token has access rules, which cannot be checked here.', {
        hint: 'Verify it at Cloudflare, or issue a token without rules.',
      });
    }
    return { expiresAt: exp };
  },
};
