import { readCookies } from '../../http/cookie.js';
import { Problem } from '../../http/problem.js';
import { fromHex } from '../bytes.js';
import type { SecretReference } from '../config-fields.js';
import type { IssuerContext, SchemeReading, TokenScheme } from '../issuer-type.js';
import { matchWildcards } from '../match-wildcards.js';
import { pairOf, queryPairs } from '../request-fields.js';
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
import {
  ACL_DELIMITER,
  edgeAuthKey,
  FIELD_DELIMITER,
  signedText,
  type EdgeAuthAlgorithm,
} from './edgeauth-token.js';

/** Name of the session token, the “long” token that Akamai writes. */
const SESSION_TOKEN = 'hdntl';
const HMAC = `${FIELD_DELIMITER}hmac=`;
/** Longer texts are not read. */
const LONGEST = 16_384;

/** What `verify` needs of the configuration. */
interface EdgeAuthConfig {
  readonly key: SecretReference;
  readonly algorithm?: EdgeAuthAlgorithm | undefined;
  readonly tokenName?: string | undefined;
  readonly placement?: 'query' | 'url' | 'cookie' | 'header' | undefined;
  readonly salt?: SecretReference | undefined;
  readonly escapeEarly?: boolean | undefined;
}

/** EdgeAuth 2.0 tokens of Akamai, also the session tokens that Akamai writes itself. */
export const akamaiEdgeAuthScheme: TokenScheme<EdgeAuthConfig> = {
  inspect(text) {
    if (text.length > LONGEST) return null;
    const parts = text.trim().split(/[?&;#\s]+/);
    const part = parts.find((each) => each.includes(HMAC));
    const at = part?.search(/(?:^|[=/])(?:ip|st|exp)=/) ?? -1;
    return part === undefined || at < 0 ? null : describe(withoutPath(part.slice(at).replace(/^[=/]/, '')));
  },

  async verify(request, config, context, nowMs) {
    const tokens = tokensOf(request, config);
    if (tokens.length === 0) throw missingToken('Akamai EdgeAuth');
    // The session token may be valid when the access token of the entry address has ended, and the other way round.
    let refusal: unknown;
    for (const token of tokens) {
      try {
        return await verifyToken(token, new URL(request.url).pathname, config, context, nowMs);
      } catch (reason) {
        refusal ??= reason;
      }
    }
    throw refusal;
  },
};

/**
 * The access token, where the property expects it, and the session token, in a cookie or the query. A location must not have two
 * of a name.
 */
function tokensOf(request: Request, { tokenName = 'hdnts', placement = 'query' }: EdgeAuthConfig): string[] {
  const query = queryPairs(request.url);
  const inQuery = (name: string) => query.filter(([each]) => each === name).map(([, value]) => value);
  const header = placement === 'header' ? request.headers.get(tokenName) : null;
  const inHeaders = header === null ? [] : [header];
  const access = { query: inQuery, url: inQuery, cookie: inCookies, header: () => inHeaders }[placement];
  const locations = [access(tokenName), inQuery(SESSION_TOKEN), inCookies(SESSION_TOKEN)];
  if (locations.some(({ length }) => length > 1))
    throw new Problem('token-invalid', 'The request has the same token more than once.');
  return locations.flat();

  function inCookies(name: string): string[] {
    return readCookies(request, name);
  }
}

async function verifyToken(
  token: string,
  path: string,
  config: EdgeAuthConfig,
  context: IssuerContext,
  nowMs: number,
): Promise<{ expiresAt: number }> {
  const { pairs, sent, mac } = readToken(token);
  const names = pairs.map(([name]) => name);
  if (mac === null || new Set(names).size < names.length) throw wrongSignature();
  const fields = new Map(pairs);
  const acl = fields.get('acl');
  const key = await edgeAuthKey(await context.readSecret(config.key), config.algorithm ?? 'sha256');
  const unsent = {
    url: acl === undefined ? path : undefined,
    salt: config.salt && (await context.readSecret(config.salt)),
    escapeEarly: config.escapeEarly ?? false,
  };
  if (!(await key.verify(signedText(sent, unsent), mac))) {
    // The path of a token without a list is in its signature.
    throw acl === undefined
      ? new Problem('token-invalid', 'The signature of the token is not valid for this address.')
      : wrongSignature();
  }
  const expiresAt = readSeconds(fields.get('exp')) ?? NaN;
  const startsAt = fields.has('st') ? (readSeconds(fields.get('st')) ?? NaN) : undefined;
  checkTokenTimes({ startsAt, expiresAt }, nowMs);
  if (acl !== undefined && !acl.split(ACL_DELIMITER).some((each) => matchWildcards(each, path)))
    throw wrongAddress();
  if (fields.has('ip')) throw boundToAddress();
  return { expiresAt };
}

/** A token in the path of an address, without what follows it there. Lists have slashes, the HMAC has none. */
function withoutPath(token: string): string {
  const at = token.lastIndexOf(HMAC);
  const end = at < 0 ? -1 : token.indexOf('/', at);
  return end < 0 ? token : token.slice(0, end);
}

/** The fields of a token, the text before its HMAC, and the HMAC. */
function readToken(token: string) {
  const at = token.lastIndexOf(HMAC);
  const sent = at < 0 || token.length > LONGEST ? '' : token.slice(0, at);
  const mac = at < 0 ? null : fromHex(token.slice(at + HMAC.length));
  return { pairs: sent.split(FIELD_DELIMITER).map(pairOf), sent, mac };
}

const MEANINGS = { ip: 'ip', st: 'startTime', exp: 'endTime', acl: 'acl', id: 'sessionId', data: 'payload' };

function describe(token: string): SchemeReading | null {
  const { pairs, mac } = readToken(token);
  const fields = new Map(pairs);
  if (!fields.has('exp')) return null;
  const lists = fields.get('acl')?.split(ACL_DELIMITER) ?? [];
  const unknown = pairs.filter(([name]) => !(name in MEANINGS)).map(([name]) => name);
  const isSession = fields.get('data') === SESSION_TOKEN;
  return schemeReading(
    `Akamai EdgeAuth 2.0${isSession ? ' session token' : ''}`,
    Object.entries(MEANINGS).map(([name, meaning]) => [meaning, fields.get(name)]),
    readSeconds(fields.get('exp')),
    [
      ...duplicateWarnings(pairs),
      ...(mac === null ? ['The HMAC is not hexadecimal.'] : []),
      ...(unknown.length > 0 ? [`Unknown fields: ${unknown.join(', ')}.`] : []),
      ...(lists.some((path) => path === '/*' || path === '*') ? ['The list opens every path.'] : []),
    ],
  );
}
