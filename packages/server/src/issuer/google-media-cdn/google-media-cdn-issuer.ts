import ipaddr from 'ipaddr.js';
import { Problem } from '../../http/problem.js';
import { grantedEnd, numericDate } from '../granted-end.js';
import { lifetimeSeconds } from '../lifetime-seconds.js';
import { mediaCookie, mediaCookieOptionNames } from '../media-cookie.js';
import { refuseClaims, refuseRestrictions } from '../refuse-unsupported.js';
import { readSecret } from '../secret.js';
import { sessionIdOf } from '../session-id.js';
import { appendQuery, fillTemplate, pathOf } from '../stream-template.js';
import type { IssuedToken, IssueRequest, TokenIssuer } from '../token-issuer.js';
import { checkMediaCdnOptions, type GoogleMediaCdnIssuerOptions } from './google-media-cdn-options.js';
import { mediaCdnKey, type MediaCdnKey } from './media-cdn-key.js';
import { writeMediaCdnToken, type TokenScope } from './media-cdn-token.js';
import { COOKIE_NAME, signAddress, signCookie, signPath, signPrefix } from './signed-request.js';
import { requireKnownOptions, type KnownOptions } from '../../http/require-known-options.js';

const NAME = 'googleMediaCdnIssuer';
/** Wildcards, and the characters that separate fields and paths. */
const RESERVED = /[*?~!,;]/;

/**
 * Issues signed requests and tokens for Google Media CDN.
 *
 * @example
 * ```ts
 * const issuer = googleMediaCdnIssuer({
 *   key: () => process.env.MEDIA_CDN_KEY ?? '',
 *   keyName: 'prod-keyset',
 *   urlPrefix: 'https://media.example.com/live/{stream}/',
 * });
 * ```
 * @see https://cloud.google.com/media-cdn/docs/generate-signatures
 * @see https://cloud.google.com/media-cdn/docs/generate-tokens
 * @throws TypeError if options contradict each other, or a template does not name the stream.
 * @throws Problem `issuer-parameter-invalid` from `issue` for a grant that the token cannot express.
 */
export function googleMediaCdnIssuer(options: GoogleMediaCdnIssuerOptions): TokenIssuer {
  requireKnownOptions('googleMediaCdnIssuer', options, optionNames);
  const { authentication = 'signature', ttlSeconds = 300, now = Date.now } = options;
  const isNarrow = options.urlPrefix === undefined && options.pathGlobs === undefined;
  const placement = options.placement ?? (isNarrow ? 'url' : 'query');
  checkMediaCdnOptions(options, authentication, placement);
  lifetimeSeconds(ttlSeconds);
  const isToken = authentication === 'token';
  return {
    bindsTokens: false,
    async issue({ stream, grant }: IssueRequest): Promise<IssuedToken> {
      refuseClaims(grant, NAME, isToken ? ['exp', 'nbf'] : ['exp']);
      refuseRestrictions(grant, NAME, isToken ? ['ip'] : []);
      const expires = grantedEnd(grant, ttlSeconds, now());
      const fill = (template: string) => fillTemplate(template, stream, RESERVED);
      const entry = options.url === undefined ? undefined : fill(options.url);
      const prefix = options.urlPrefix === undefined ? undefined : fill(options.urlPrefix);
      const key = await mediaCdnKey(await readSecret(options.key), options.signatureAlgorithm ?? 'ED25519');
      const filled = { entry, prefix, stream };
      if (!isToken) {
        const signing = { key, keyName: options.keyName ?? '', expires };
        return { ...(await signedRequest(options, placement, filled, signing)), expiresAt: expires };
      }
      const tokenId = options.sessionId ? sessionIdOf(grant) : undefined;
      const globs = options.pathGlobs === undefined ? undefined : [options.pathGlobs].flat().map(fill);
      const token = await writeMediaCdnToken(key, {
        scope: scopeOf(globs, prefix, pathOf(entry ?? '')),
        starts: startOf(grant.claims?.['nbf'], expires),
        expires,
        sessionId: tokenId,
        data: options.data,
        ipRanges: grant.restrictions?.ip === undefined ? undefined : ipRange(grant.restrictions.ip),
      });
      const query = { [options.tokenQueryParameter ?? 'edge-cache-token']: token };
      return {
        ...(placement === 'query' && { query }),
        ...(entry !== undefined && { url: appendQuery(entry, query) }),
        ...(options.sessionCookie && { cookie: true }),
        expiresAt: expires,
        ...(tokenId !== undefined && { tokenId }),
      };
    },
  };
}

async function signedRequest(
  options: GoogleMediaCdnIssuerOptions,
  placement: string,
  { entry, prefix, stream }: { entry: string | undefined; prefix: string | undefined; stream: string },
  signing: { key: MediaCdnKey; keyName: string; expires: number },
): Promise<Omit<IssuedToken, 'expiresAt'>> {
  if (prefix === undefined) return { url: await signAddress(entry ?? '', signing) };
  if (placement === 'path')
    return { url: await signPath(prefix, (entry ?? '').slice(prefix.length), signing) };
  if (placement === 'cookie') {
    const value = await signCookie(prefix, signing);
    const setCookies = [mediaCookie(COOKIE_NAME, value, options.cookie ?? {}, stream)];
    return { cookie: true, setCookies, ...(entry !== undefined && { url: entry }) };
  }
  const query = await signPrefix(prefix, signing);
  return {
    ...(placement === 'query' && { query }),
    ...(entry !== undefined && { url: appendQuery(entry, query) }),
  };
}

function scopeOf(
  globs: readonly string[] | undefined,
  urlPrefix: string | undefined,
  fullPath: string,
): TokenScope {
  if (globs !== undefined) return { pathGlobs: globs };
  return urlPrefix === undefined ? { fullPath } : { urlPrefix };
}

function startOf(nbf: unknown, expires: number): number | undefined {
  if (nbf === undefined) return undefined;
  const starts = numericDate(nbf, 'nbf');
  if (starts < expires) return starts;
  throw new Problem('issuer-parameter-invalid', 'The begin of the token is not before its end.');
}

/** @throws Problem unless the text is an IP address. */
function ipRange(address: string): string {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return `${address}/32`;
  if (ipaddr.IPv6.isValid(address) && !address.includes('%')) return `${address}/128`;
  throw new Problem('issuer-parameter-invalid', '"ip" is neither an IPv4 nor an IPv6 address.');
}

const optionNames: Readonly<Record<keyof GoogleMediaCdnIssuerOptions, true | KnownOptions>> = {
  authentication: true,
  key: true,
  signatureAlgorithm: true,
  keyName: true,
  urlPrefix: true,
  pathGlobs: true,
  url: true,
  placement: true,
  tokenQueryParameter: true,
  sessionCookie: true,
  sessionId: true,
  data: true,
  cookie: mediaCookieOptionNames,
  ttlSeconds: true,
  now: true,
};
