import { Problem } from '../../http/problem.js';
import type { SecretReference } from '../config-fields.js';
import type { TokenScheme } from '../issuer-type.js';
import { cookiePairs, onlyValue, pastedPairs, queryPairs } from '../request-fields.js';
import {
  boundToAddress,
  checkTokenTimes,
  missingToken,
  schemeReading,
  wrongAddress,
  wrongSignature,
} from '../scheme-checks.js';
import type { CborValue } from './cbor.js';
import { CLAIM, MATCH, URI_PART } from './claims.js';
import { CAT_HEADER, catKey } from './common-access-token-issuer.js';
import { hasValidMac, readCwt, type CwtClaims } from './cwt.js';

/** What `verify` needs of the configuration. */
interface CatConfig {
  readonly key: SecretReference;
  readonly keyId: string;
  readonly issuer?: string | undefined;
  readonly audience?: string | readonly string[] | undefined;
  readonly tokenName?: string | undefined;
}

/** Claims that can be checked here, or that limit nothing. */
const KNOWN: readonly CborValue[] = [
  CLAIM.iss,
  CLAIM.sub,
  CLAIM.aud,
  CLAIM.exp,
  CLAIM.nbf,
  CLAIM.iat,
  CLAIM.cti,
  CLAIM.catreplay,
  CLAIM.catv,
  CLAIM.catnip,
  CLAIM.catu,
  CLAIM.catm,
  CLAIM.catr,
];
const NAMES = new Map<CborValue, string>(Object.entries(CLAIM).map(([name, label]) => [label, name]));

/** Common Access Tokens in COSE_Mac0. */
export const commonAccessTokenScheme: TokenScheme<CatConfig> = {
  inspect(text) {
    const given = text.trim();
    const values = [
      given.replace(/^CTA-Common-Access-Token:\s*/i, ''),
      ...pastedPairs(given).map(([, value]) => value),
    ];
    const token = values.map(readCwt).find((read) => read !== null);
    if (!token) return null;
    const { claims, keyId } = token;
    const end = claims.get(CLAIM.exp);
    const fields = [...claims].map(([label, value]) => [nameOf(label), shown(value)] as const);
    return schemeReading(
      'Common Access Token',
      [['kid', keyId], ...fields],
      typeof end === 'number' ? end : undefined,
      [...(claims.has(CLAIM.catu) ? [] : ['The token has no catu, so that it opens every address.'])],
    );
  },

  async verify(request, config, context, nowMs) {
    const header = request.headers.get(CAT_HEADER);
    const { tokenName = 'CAT' } = config;
    const cookie = onlyValue(cookiePairs(request, [CAT_HEADER]), CAT_HEADER);
    const token = header ?? cookie ?? onlyValue(queryPairs(request.url), tokenName);
    if (token === undefined) throw missingToken('Common Access Token');
    const read = readCwt(token);
    if (read === null) throw new Problem('token-invalid', 'The token is not a CBOR Web Token in COSE_Mac0.');
    if (read.keyId !== config.keyId) throw wrongSignature();
    if (!(await hasValidMac(read, await catKey(await context.readSecret(config.key)))))
      throw wrongSignature();
    return { expiresAt: checkClaims(read.claims, request, config, nowMs) };
  },
};

function checkClaims(claims: CwtClaims, request: Request, config: CatConfig, nowMs: number): number {
  const unknown = [...claims.keys()].find((label) => !KNOWN.includes(label));
  if (unknown !== undefined)
    throw new Problem('token-invalid', `The claim "${nameOf(unknown)}" cannot be checked here.`);
  const [expiresAt, startsAt] = [numberOf(claims.get(CLAIM.exp)), claims.get(CLAIM.nbf)];
  checkTokenTimes({ expiresAt, startsAt: startsAt === undefined ? undefined : numberOf(startsAt) }, nowMs);
  const issuer = claims.get(CLAIM.iss);
  const audiences = [claims.get(CLAIM.aud) ?? []].flat();
  const wanted = config.audience === undefined ? [] : [config.audience].flat();
  if (issuer !== config.issuer || (wanted.length > 0 && !wanted.some((each) => audiences.includes(each))))
    throw new Problem('token-invalid', 'The token is of another issuer, or for another audience.');
  const methods = claims.get(CLAIM.catm);
  if (methods !== undefined && !(Array.isArray(methods) && methods.includes(request.method)))
    throw new Problem('token-invalid', 'The token does not allow the method of the request.');
  if (claims.has(CLAIM.catreplay) && claims.get(CLAIM.catreplay) !== 0)
    throw new Problem('token-invalid', 'The token must not be used twice, which cannot be checked here.');
  const address = claims.get(CLAIM.catu);
  if (address !== undefined && !matchesAddress(address, new URL(request.url))) throw wrongAddress();
  if (claims.has(CLAIM.catnip)) throw boundToAddress();
  return expiresAt;
}

function numberOf(value: CborValue | undefined): number {
  return typeof value === 'number' ? value : NaN;
}

/** Parts and matches that are not known match nothing. */
function matchesAddress(claim: CborValue, url: URL): boolean {
  const parts = new Map<CborValue, string>([
    [URI_PART.scheme, url.protocol.slice(0, -1)],
    [URI_PART.host, url.hostname],
    [URI_PART.port, url.port],
    [URI_PART.path, url.pathname],
  ]);
  if (!(claim instanceof Map)) return false;
  return [...(claim as ReadonlyMap<CborValue, CborValue>)].every(([part, matches]) => {
    const text = parts.get(part);
    if (text === undefined || !(matches instanceof Map)) return false;
    return [...(matches as ReadonlyMap<CborValue, CborValue>)].every(
      ([match, value]) => typeof value === 'string' && matchesText(match, text, value),
    );
  });
}

function matchesText(match: CborValue, text: string, value: string): boolean {
  if (match === MATCH.exact) return text === value;
  if (match === MATCH.prefix) return text.startsWith(value);
  if (match === MATCH.suffix) return text.endsWith(value);
  return match === MATCH.contains && text.includes(value);
}

function nameOf(label: CborValue): string {
  return NAMES.get(label) ?? shown(label);
}

/** A claim for a reader. Maps as pairs, bytes as their number. */
function shown(value: CborValue): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Uint8Array) return `${String(value.length)} bytes`;
  if (value instanceof Map)
    return [...(value as ReadonlyMap<CborValue, CborValue>)]
      .map(([key, each]) => `${shown(key)}: ${shown(each)}`)
      .join(', ');
  if ('tag' in value) return shown(value.value);
  return (value as readonly CborValue[]).map(shown).join(' ');
}
