import { Problem } from '../../http/problem.js';
import { grantedEnd, numericDate } from '../granted-end.js';
import { lifetimeSeconds } from '../lifetime-seconds.js';
import {
  checkMediaCookie,
  mediaCookie,
  type MediaCookieOptions,
  mediaCookieOptionNames,
} from '../media-cookie.js';
import { refuseClaims, refuseRestrictions } from '../refuse-unsupported.js';
import { readSecret, type Secret } from '../secret.js';
import { sessionIdOf } from '../session-id.js';
import { appendQuery, checkTemplate, checkUrlTemplate, fillTemplate, pathOf } from '../stream-template.js';
import type { IssuedToken, IssueRequest, TokenIssuer } from '../token-issuer.js';
import {
  ACL_DELIMITER,
  edgeAuthKey,
  FIELD_DELIMITER,
  writeEdgeAuthToken,
  type EdgeAuthAlgorithm,
} from './edgeauth-token.js';
import { requireKnownOptions, type KnownOptions } from '../../http/require-known-options.js';

export interface AkamaiEdgeAuthIssuerOptions {
  /** Encryption key of the property: an even number of hexadecimal digits. */
  readonly key: Secret;
  /** “Encryption algorithm” of the property; `md5` only for one that has to keep it. @defaultValue `sha256` */
  readonly algorithm?: EdgeAuthAlgorithm;
  /**
   * Access control list: the paths that the token opens, templates with the wildcards `*` and `?`, such as
   * `/live/{stream}/*`. @defaultValue none: the token opens the path of `url` only
   */
  readonly acl?: string | readonly string[];
  /**
   * Address of the stream's first playlist, a template: `https://media.example.com/live/{stream}/index.m3u8`. Required
   * without `acl`, and for `placement: 'url'`. @defaultValue none
   */
  readonly url?: string;
  /** “Token name” of the property, also the name of the query field, cookie or header. @defaultValue `hdnts` */
  readonly tokenName?: string;
  /**
   * “Token location”. `query`, `cookie` and `header`: on every request; `url`: in the query of the entry address only, for
   * “Segmented Media Protection”, which exchanges it for a session token. @defaultValue `query`, without `acl` `url`
   */
  readonly placement?: 'query' | 'url' | 'cookie' | 'header';
  /**
   * Akamai sets the session token as a cookie, so that media requests need credentials. For `placement: 'url'`, without “Token
   * in URI” and “Token in query string”. @defaultValue false
   */
  readonly sessionCookie?: boolean;
  /** Begin of the validity: `now`, or NumericDate seconds. The claim `nbf` of the grant overrides it. @defaultValue none */
  readonly startTime?: 'now' | number;
  /** Adds the session id `id`: the id of the grant. Akamai's revocation of tokens needs it. @defaultValue false */
  readonly sessionId?: boolean;
  /** Text of your own in the token, field `data`. @defaultValue none */
  readonly payload?: string;
  /** “Salt” of the property. It is signed, but not sent. @defaultValue none */
  readonly salt?: Secret;
  /** “Escape token input” of the property. @defaultValue false */
  readonly escapeEarly?: boolean;
  /** Attributes of the cookie. */
  readonly cookie?: MediaCookieOptions;
  /** Lifetime in seconds, 1 to 31,536,000, if the grant sets none. @defaultValue 300 */
  readonly ttlSeconds?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

const NAME = 'akamaiEdgeAuthIssuer';
/** Wildcards, and the characters that separate fields and paths. */
const RESERVED = /[*?~!]/;

/**
 * Issues EdgeAuth 2.0 tokens for the behaviors “Auth Token 2.0 Verification” and “Segmented Media Protection” of Akamai.
 *
 * @example
 * ```ts
 * const issuer = akamaiEdgeAuthIssuer({
 *   key: () => process.env.AKAMAI_KEY ?? '',
 *   acl: '/live/{stream}/*',
 * });
 * ```
 * @see https://techdocs.akamai.com/adaptive-media-delivery/docs/generate-a-token-and-apply-it-to-content
 * @throws TypeError if options contradict each other, or a template does not name the stream.
 * @throws Problem `issuer-parameter-invalid` from `issue` for a grant that the token cannot express.
 */
export function akamaiEdgeAuthIssuer(options: AkamaiEdgeAuthIssuerOptions): TokenIssuer {
  requireKnownOptions('akamaiEdgeAuthIssuer', options, optionNames);
  const { algorithm = 'sha256', tokenName = 'hdnts', escapeEarly = false, ttlSeconds = 300 } = options;
  const { now = Date.now } = options;
  const acl = options.acl === undefined ? undefined : [options.acl].flat();
  const placement = options.placement ?? (acl === undefined ? 'url' : 'query');
  checkOptions(options, acl, placement, tokenName);
  lifetimeSeconds(ttlSeconds);
  return {
    bindsTokens: false,
    async issue({ stream, grant }: IssueRequest): Promise<IssuedToken> {
      refuseClaims(grant, NAME, ['exp', 'nbf']);
      refuseRestrictions(grant, NAME, ['ip']);
      const nowMs = now();
      const expiresAt = grantedEnd(grant, ttlSeconds, nowMs);
      const startTime = startOf(grant.claims?.['nbf'] ?? options.startTime, nowMs);
      if (startTime !== undefined && startTime >= expiresAt)
        throw new Problem('issuer-parameter-invalid', 'The begin of the token is not before its end.');
      const entry = options.url === undefined ? undefined : fillTemplate(options.url, stream, RESERVED);
      const tokenId = options.sessionId ? sessionIdOf(grant) : undefined;
      const token = await writeEdgeAuthToken(
        await edgeAuthKey(await readSecret(options.key), algorithm),
        {
          ip: grant.restrictions?.ip,
          startTime,
          endTime: expiresAt,
          acl: acl?.map((path) => fillTemplate(path, stream, RESERVED)).join(ACL_DELIMITER),
          sessionId: tokenId,
          payload: options.payload,
        },
        {
          url: acl === undefined ? pathOf(entry ?? '') : undefined,
          salt: options.salt === undefined ? undefined : await readSecret(options.salt),
          escapeEarly,
        },
      );
      const own = { expiresAt, ...(tokenId !== undefined && { tokenId }) };
      if (placement === 'cookie') {
        const setCookies = [mediaCookie(tokenName, token, options.cookie ?? {}, stream)];
        return { cookie: true, setCookies, ...(entry !== undefined && { url: entry }), ...own };
      }
      if (placement === 'header')
        return { headers: { [tokenName]: token }, ...(entry !== undefined && { url: entry }), ...own };
      return {
        ...(placement === 'query' && { query: { [tokenName]: token } }),
        ...(entry !== undefined && { url: appendQuery(entry, { [tokenName]: token }) }),
        ...(options.sessionCookie && { cookie: true }),
        ...own,
      };
    },
  };
}

function startOf(start: unknown, nowMs: number): number | undefined {
  if (start === undefined) return undefined;
  return start === 'now' ? Math.floor(nowMs / 1000) : numericDate(start, 'nbf');
}

function checkOptions(
  { url, payload, cookie, sessionCookie, escapeEarly = false }: AkamaiEdgeAuthIssuerOptions,
  acl: readonly string[] | undefined,
  placement: string,
  tokenName: string,
): void {
  // A header name, a cookie name, and a query field that needs no encoding.
  if (!/^[\w-]+$/.test(tokenName))
    throw new TypeError('The option tokenName must have letters, digits, hyphens and underscores only.');
  if (url !== undefined) checkUrlTemplate(url, 'url');
  if (cookie !== undefined) checkMediaCookie(cookie);
  for (const path of acl ?? []) {
    if (!path.startsWith('/') || path.includes(ACL_DELIMITER) || path.includes(FIELD_DELIMITER))
      throw new TypeError(
        'Each path of the option acl must begin with a slash, and contain neither "!" nor "~".',
      );
    if (!/^[\x21-\x7e]*$/.test(path) || /["#&;%]/.test(path))
      throw new TypeError('A path of the option acl has a character that an address cannot contain.');
    checkTemplate(path, 'acl');
  }
  if (acl?.length === 0) throw new TypeError('The option acl must name at least one path.');
  if (acl === undefined && url === undefined) throw new TypeError('Set the option acl, or the option url.');
  if (placement === 'url' && url === undefined)
    throw new TypeError('The placement "url" needs the option url, the address of the first playlist.');
  if (sessionCookie && placement !== 'url')
    throw new TypeError('The option sessionCookie needs the placement "url".');
  if (acl === undefined && placement !== 'url')
    throw new TypeError(
      'Without the option acl, the token opens one address only. Set acl, or placement to "url".',
    );
  if (payload !== undefined && !escapeEarly && !/^[\w.,:@/+=-]+$/.test(payload))
    throw new TypeError('The option payload has a character that needs escapeEarly, “Escape token input”.');
}

const optionNames: Readonly<Record<keyof AkamaiEdgeAuthIssuerOptions, true | KnownOptions>> = {
  key: true,
  algorithm: true,
  acl: true,
  url: true,
  tokenName: true,
  placement: true,
  sessionCookie: true,
  startTime: true,
  sessionId: true,
  payload: true,
  salt: true,
  escapeEarly: true,
  cookie: mediaCookieOptionNames,
  ttlSeconds: true,
  now: true,
};
