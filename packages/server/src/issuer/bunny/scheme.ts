import { Problem } from '../../http/problem.js';
import type { SecretReference } from '../config-fields.js';
import type { TokenScheme } from '../issuer-type.js';
import { onlyValue, pairOf, pastedPairs, queryPairs } from '../request-fields.js';
import {
  boundToAddress,
  checkTokenTimes,
  duplicateWarnings,
  missingToken,
  readSeconds,
  schemeReading,
  wrongAddress,
  wrongSignature,
} from '../scheme-checks.js';
import { pathOf } from '../stream-template.js';
import { isBunnySignature, readBunnyToken, type BunnyParameters } from './bunny-token.js';

const NAME = 'Bunny token authentication';
const COUNTRIES = ['token_countries', 'token_countries_blocked'];
const FIELDS = ['token_path', ...COUNTRIES, 'limit', 'token_ignore_params'];

/** What `verify` needs of the configuration. */
interface BunnyKeyConfig {
  readonly securityKey: SecretReference;
}

/** Tokens of Bunny in the query, or before the path. */
export const bunnyScheme: TokenScheme<BunnyKeyConfig> = {
  inspect(text) {
    // In the path form, the fields stand between slashes; slashes in their values are encoded.
    const pairs = pastedPairs(text.replaceAll('/', '&'));
    const own = pairs.filter(([name]) => ['bcdn_token', 'token', 'expires', ...FIELDS].includes(name));
    const field = (name: string) => own.find(([each]) => each === name)?.[1];
    const token = readBunnyToken(field('bcdn_token') ?? field('token') ?? '');
    const expiresAt = readSeconds(field('expires'));
    if (!token || expiresAt === undefined) return null;
    const path = shown(field('token_path')) ?? '';
    const isDropped = [...COUNTRIES, 'limit'].some((name) => field(name) !== undefined);
    return schemeReading(
      `${NAME}, ${token.algorithm}`,
      [
        ...FIELDS.map((name) => [name, shown(field(name))] as const),
        ['expires', expiresAt],
        ['bound to an IP address', token.isBoundToIp ? 'yes' : undefined],
      ],
      expiresAt,
      [
        ...duplicateWarnings(own),
        ...(path === '' ? ['The token opens one file only: it has no token_path.'] : []),
        ...(path === '' || path.endsWith('/')
          ? []
          : ['The token_path does not end with a slash: it opens every path that begins with it.']),
        ...(field('token_ignore_params') === 'true' && isDropped
          ? ['With token_ignore_params, Bunny does not apply countries and limits.']
          : []),
      ],
    );
  },

  async verify(request, { securityKey }, context, nowMs) {
    const { path, token: text, expires, parameters } = readRequest(request.url);
    const token = readBunnyToken(text);
    if (!token) throw wrongSignature();
    if (token.isBoundToIp) throw boundToAddress();
    const directory = parameters['token_path'];
    const content = { path: directory ?? path, expires, parameters };
    const key = await context.readSecret(securityKey);
    if (!(await isBunnySignature(key, token.algorithm, content, token.signature))) throw wrongSignature();
    const expiresAt = readSeconds(expires);
    if (expiresAt === undefined)
      throw new Problem('token-invalid', 'The field "expires" is not a time in seconds.');
    checkTokenTimes({ expiresAt }, nowMs);
    // An encoded slash and two dots would leave the directory again.
    if (!path.startsWith(content.path) || /\/\.\.(?:\/|$)/.test(path)) throw wrongAddress();
    if (COUNTRIES.some((name) => parameters[name] !== undefined))
      throw new Problem('token-invalid', 'The token is for some countries, which cannot be checked here.');
    return { expiresAt };
  },
};

interface SentToken {
  /** Decoded path, without the token. */
  readonly path: string;
  readonly token: string;
  readonly expires: string;
  /** What the signature covers besides path and end. */
  readonly parameters: BunnyParameters;
}

/** @throws Problem `token-missing`, `token-invalid` */
function readRequest(url: string): SentToken {
  const given = pathOf(url);
  const [, prefix, below = ''] = /^\/(bcdn_token=[^/]*)(\/.*)$/s.exec(given) ?? [];
  const inPath = prefix === undefined ? [] : prefix.split('&').map(pairOf);
  const pairs = [...inPath, ...queryPairs(url)];
  const name = prefix === undefined ? 'token' : 'bcdn_token';
  const token = onlyValue(pairs, name);
  if (token === undefined) throw missingToken(NAME);
  if (prefix !== undefined && pairs.some(([each]) => each === 'token'))
    throw new Problem('token-invalid', 'The request has a token in its path and another one in its query.');
  const isIgnoring = onlyValue(pairs, 'token_ignore_params') === 'true';
  const signed = pairs
    .map(([each]) => each)
    .filter((each) => each !== name && each !== 'expires' && each !== '')
    .filter((each) => !isIgnoring || each === 'token_path' || each === 'token_ignore_params');
  return {
    path: readValue(prefix === undefined ? given : below),
    token,
    expires: onlyValue(pairs, 'expires') ?? '',
    parameters: Object.fromEntries(signed.map((each) => [each, readValue(onlyValue(pairs, each) ?? '')])),
  };
}

function readValue(encoded: string): string {
  const value = decoded(encoded);
  if (value === null)
    throw new Problem('token-invalid', 'The request has a percent-escape that cannot be read.');
  return value;
}

/** A value as it is before percent-encoding; `undefined` for an empty one, which a reading leaves out. */
function shown(encoded = ''): string | undefined {
  const value = decoded(encoded) ?? encoded;
  return value === '' ? undefined : value;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
