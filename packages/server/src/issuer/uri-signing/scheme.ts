import { compactVerify, decodeJwt, decodeProtectedHeader, errors, type JWTPayload } from 'jose';
import { Problem } from '../../http/problem.js';
import type { SecretReference } from '../config-fields.js';
import type { TokenScheme } from '../issuer-type.js';
import { cookiePairs, onlyValue, queryPairs } from '../request-fields.js';
import {
  boundToAddress,
  checkTokenTimes,
  missingToken,
  schemeReading,
  wrongAddress,
  wrongSignature,
} from '../scheme-checks.js';
import { pathBeforeStream } from '../stream-template.js';
import { jwtsIn } from '../vendor-jwt.js';
import { packageKey, type PackageKey } from './package-key.js';
import { canDecode, PACKAGE_FIELD, uriContainer } from './uri-container.js';

const NAME = 'URI Signing';

/** What `verify` needs of the configuration. */
interface UriSigningConfig {
  readonly key: SecretReference;
  readonly issuer: string;
  readonly audience?: string | readonly string[] | undefined;
  readonly path: string;
}

/** Signed packages of URI Signing for CDNI (RFC 9246), in the query field or the cookie `URISigningPackage`. */
export const uriSigningScheme: TokenScheme<UriSigningConfig> = {
  inspect(text) {
    const read = readPackage(jwtsIn(text)[0] ?? '');
    if (read === null) return null;
    const { claims, kid } = read;
    const fields = Object.entries(claims).map(
      ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
    );
    return schemeReading(NAME, [['kid', kid], ...fields], claims.exp, [
      ...(claims['cdniuc'] === undefined
        ? ['The token has no cdniuc. Traffic Server then opens every address.']
        : []),
      ...['jti', 'cdnicrit', 'cdniip']
        .filter((name) => claims[name] !== undefined)
        .map((name) => `Traffic Server refuses tokens with the claim "${name}".`),
    ]);
  },

  async verify(request, config, context, nowMs) {
    const token =
      onlyValue(queryPairs(request.url), PACKAGE_FIELD) ??
      onlyValue(cookiePairs(request, [PACKAGE_FIELD]), PACKAGE_FIELD);
    if (token === undefined || token === '') throw missingToken(NAME);
    const claims = await verifiedClaims(token, await packageKey(await context.readSecret(config.key)));
    const { exp, nbf, iss, aud } = claims;
    if (exp === undefined) throw new Problem('token-invalid', 'The token has no claim "exp".');
    checkTokenTimes({ startsAt: nbf, expiresAt: exp }, nowMs);
    const wanted = [config.audience ?? []].flat();
    const given = [aud ?? []].flat();
    if (iss !== config.issuer || (wanted.length > 0 && !wanted.some((each) => given.includes(each))))
      throw new Problem('token-invalid', 'The token is of another issuer, or for another audience.');
    if (claims['cdniv'] !== undefined && claims['cdniv'] !== 1)
      throw new Problem('token-invalid', 'The token has another version of URI Signing.');
    if (claims['cdniip'] !== undefined) throw boundToAddress();
    const unknown = ['cdnicrit', 'jti'].find((name) => claims[name] !== undefined);
    if (unknown !== undefined)
      throw new Problem('token-invalid', `The claim "${unknown}" cannot be checked here.`);
    if (claims['cdniuc'] !== containerOf(new URL(request.url), config.path)) throw wrongAddress();
    return { expiresAt: exp };
  },
};

/** The container that the issuer writes for the stream of a request. Expressions of others are not run. */
function containerOf(address: URL, template: string): string | null {
  const { pathname } = address;
  const before = new URL(pathBeforeStream(`https://host${template}`), address).pathname;
  const [name] = pathname.slice(before.length).split('/', 1);
  const isName = name !== undefined && name !== '' && canDecode(name);
  return pathname.startsWith(before) && isName ? uriContainer(new URL(`${before}${name}/`, address)) : null;
}

function readPackage(token: string): { claims: JWTPayload; kid: string | undefined } | null {
  try {
    const claims = decodeJwt(token);
    const isPackage = Object.keys(claims).some((name) => /^cdni(?:v|uc|ets|stt)$/.test(name));
    return isPackage ? { claims, kid: decodeProtectedHeader(token).kid } : null;
  } catch {
    return null;
  }
}

async function verifiedClaims(token: string, { kid, alg, verify }: PackageKey): Promise<JWTPayload> {
  try {
    const { protectedHeader } = await compactVerify(token, verify, { algorithms: [alg] });
    if (protectedHeader.kid !== kid) throw wrongSignature();
    const claims = decodeJwt(token);
    return claims;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw wrongSignature();
    throw error;
  }
}
