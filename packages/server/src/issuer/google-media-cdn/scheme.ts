import { readCookies } from '../../http/cookie.js';
import { Problem } from '../../http/problem.js';
import { fromBase64 } from '../bytes.js';
import type { SecretReference } from '../config-fields.js';
import type { IssuerContext, TokenScheme } from '../issuer-type.js';
import { matchWildcards } from '../match-wildcards.js';
import { onlyValue, pairOf, queryPairs } from '../request-fields.js';
import {
  boundToAddress,
  checkTokenTimes,
  missingToken,
  readSeconds,
  wrongAddress,
  wrongSignature,
} from '../scheme-checks.js';
import { inspectMediaCdn } from './inspect.js';
import { mediaCdnKey, type MediaCdnAlgorithm, type MediaCdnKey } from './media-cdn-key.js';
import { TOKEN_DELIMITER } from './media-cdn-token.js';
import { COOKIE_NAME, joinFields, PATH_COMPONENT } from './signed-request.js';

const NAME = 'Media CDN';
type Pairs = readonly (readonly [string, string])[];

/** What `verify` needs of the configuration. */
interface MediaCdnConfig {
  readonly authentication?: 'signature' | 'token' | undefined;
  readonly key: SecretReference;
  readonly signatureAlgorithm?: MediaCdnAlgorithm | undefined;
  readonly keyName?: string | undefined;
  readonly placement?: 'query' | 'url' | 'path' | 'cookie' | undefined;
  readonly tokenQueryParameter?: string | undefined;
}

/** Signed requests and tokens of Google Media CDN. */
export const googleMediaCdnScheme: TokenScheme<MediaCdnConfig> = {
  inspect: inspectMediaCdn,

  async verify(request, config, context, nowMs) {
    const key = await keyOf(config, context);
    if (config.authentication === 'token') {
      const name = config.tokenQueryParameter ?? 'edge-cache-token';
      const token = onlyValue(queryPairs(request.url), name);
      if (token === undefined) throw missingToken(NAME);
      return verifyToken(token, request.url, key, nowMs);
    }
    return verifySignature(readSigned(request, config.placement), request.url, key, config.keyName, nowMs);
  },
};

async function keyOf(
  { key, signatureAlgorithm }: MediaCdnConfig,
  context: IssuerContext,
): Promise<MediaCdnKey> {
  return mediaCdnKey(await context.readSecret(key), signatureAlgorithm ?? 'ED25519');
}

/** A signed request: what it says, and the text that was signed. */
interface Signed {
  readonly pairs: Pairs;
  readonly text: string;
}

function readSigned(request: Request, placement: MediaCdnConfig['placement']): Signed {
  if (placement === 'cookie') return readCookie(request);
  const [, before, component] = new RegExp(`^([^?#]*?/)${PATH_COMPONENT}([^/?#]*)/`).exec(request.url) ?? [];
  if (placement === 'path' && before !== undefined && component !== undefined) {
    const pairs = component.split('&').map(pairOf);
    const text = `${before}${PATH_COMPONENT}${signedFields(pairs, '&', ['Expires', 'KeyName'])}`;
    return { pairs, text };
  }
  const pairs = queryPairs(request.url);
  if (onlyValue(pairs, 'URLPrefix') !== undefined)
    return { pairs, text: signedFields(pairs, '&', ['URLPrefix', 'Expires', 'KeyName']) };
  // Without a prefix, the whole address is signed. A field after the signature would not be.
  const text = /^(.*)&Signature=[^&]*$/s.exec(request.url)?.[1] ?? '';
  return { pairs, text };
}

function readCookie(request: Request): Signed {
  const cookies = readCookies(request, COOKIE_NAME);
  if (cookies.length > 1)
    throw new Problem('token-invalid', `The request has several cookies "${COOKIE_NAME}".`);
  const pairs = (cookies[0] ?? '').split(':').map(pairOf);
  return { pairs, text: signedFields(pairs, ':', ['URLPrefix', 'Expires', 'KeyName']) };
}

function signedFields(pairs: Pairs, delimiter: '&' | ':', names: readonly string[]): string {
  const fields = names.flatMap((name) => {
    const value = onlyValue(pairs, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return joinFields(Object.fromEntries(fields), delimiter);
}

async function verifySignature(
  { pairs, text }: Signed,
  address: string,
  key: MediaCdnKey,
  keyName: string | undefined,
  nowMs: number,
): Promise<{ expiresAt: number }> {
  const [signature, name] = [onlyValue(pairs, 'Signature'), onlyValue(pairs, 'KeyName')];
  if (signature === undefined || name === undefined) throw missingToken(NAME);
  if (name !== keyName || !(await key.verify(text, signature))) throw wrongSignature();
  const expiresAt = readSeconds(onlyValue(pairs, 'Expires')) ?? NaN;
  checkTokenTimes({ expiresAt }, nowMs);
  const prefix = onlyValue(pairs, 'URLPrefix');
  if (prefix !== undefined && !hasPrefix(address, prefix)) throw wrongAddress();
  return { expiresAt };
}

async function verifyToken(
  token: string,
  address: string,
  key: MediaCdnKey,
  nowMs: number,
): Promise<{ expiresAt: number }> {
  const at = token.lastIndexOf(`${TOKEN_DELIMITER}${key.field}=`);
  const sent = token.slice(0, Math.max(at, 0));
  const pairs = sent.split(TOKEN_DELIMITER).map(pairOf);
  const names = pairs.map(([name]) => name);
  if (at < 0 || new Set(names).size < names.length) throw wrongSignature();
  const fields = new Map(pairs);
  // The values of these fields are signed, but they are not in the token.
  if (fields.has('Headers'))
    throw new Problem('token-invalid', 'The token depends on header fields, which are not read here.');
  const path = new URL(address).pathname;
  const isFullPath = fields.has('FullPath');
  const text = isFullPath
    ? sent.replace(/(^|~)FullPath(?=~)/, (_, before: string) => `${before}FullPath=${path}`)
    : sent;
  const signature = token.slice(at + key.field.length + 2);
  if (!(await key.verify(text, signature))) throw wrongSignature();
  const expiresAt = readSeconds(fields.get('Expires')) ?? NaN;
  const startsAt = fields.has('Starts') ? (readSeconds(fields.get('Starts')) ?? NaN) : undefined;
  checkTokenTimes({ startsAt, expiresAt }, nowMs);
  if (!isFullPath && !isInScope(fields, address, path)) throw wrongAddress();
  if (fields.has('IPRanges')) throw boundToAddress();
  return { expiresAt };
}

/** A token must have exactly one of the two fields: otherwise it is not known what it opens. */
function isInScope(fields: ReadonlyMap<string, string>, address: string, path: string): boolean {
  const [prefix, globs] = [fields.get('URLPrefix'), fields.get('PathGlobs')];
  if (prefix !== undefined) return globs === undefined && hasPrefix(address, prefix);
  return globs?.split(/[,!]/).some((glob) => matchWildcards(glob, path)) ?? false;
}

/** Is the address under a prefix that is given in base64? */
function hasPrefix(address: string, encoded: string): boolean {
  const bytes = fromBase64(encoded);
  const prefix = bytes === null ? '' : new TextDecoder().decode(bytes);
  return prefix !== '' && address.startsWith(prefix);
}
