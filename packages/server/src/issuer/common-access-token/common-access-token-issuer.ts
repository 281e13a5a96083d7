import ipaddr from 'ipaddr.js';
import { Problem } from '../../http/problem.js';
import { fromHex, utf8 } from '../bytes.js';
import { grantedEnd, numericDate } from '../granted-end.js';
import { lifetimeSeconds } from '../lifetime-seconds.js';
import {
  checkMediaCookie,
  mediaCookie,
  type MediaCookieOptions,
  mediaCookieOptionNames,
} from '../media-cookie.js';
import { refuseClaims, refuseRestrictions } from '../refuse-unsupported.js';
import { importOnce, readSecret, type Secret } from '../secret.js';
import { appendQuery, checkTemplate, checkUrlTemplate, fillTemplate } from '../stream-template.js';
import type { IssuedToken, TokenIssuer } from '../token-issuer.js';
import { CborTag, type CborValue } from './cbor.js';
import { CLAIM, IPV4_TAG, IPV6_TAG, MATCH, RENEWAL, RENEWAL_TYPE, URI_PART } from './claims.js';
import { cwtKey, writeCwt } from './cwt.js';
import {
  requireKnownOptions,
  type KnownOptions,
  type OptionNames,
} from '../../http/require-known-options.js';

/** Name of the header field and of the cookie (CTA-5007-B). */
export const CAT_HEADER = 'CTA-Common-Access-Token';

/** `catr`: how the CDN renews the token. */
export interface CatRenewalOptions {
  /** Where the renewed token is. `automatic`: where the request had it. */
  readonly type: keyof typeof RENEWAL_TYPE;
  /** Seconds from the renewal to the new end, `expadd`. */
  readonly expadd: number;
  /** Seconds before the end from which on the CDN renews, `deadline`. @defaultValue the CDN’s own */
  readonly deadline?: number | undefined;
  readonly cookieName?: string | undefined;
  readonly headerName?: string | undefined;
  /** Attributes of the cookie, such as `Secure`. */
  readonly cookieParams?: readonly string[] | undefined;
  readonly headerParams?: readonly string[] | undefined;
  /** Status of a redirect, `code`. */
  readonly code?: number | undefined;
}

export interface CommonAccessTokenIssuerOptions {
  /** Shared key for HMAC 256/256: at least 32 bytes, as hexadecimal digits. */
  readonly key: Secret;
  /** `kid`, by which the CDN finds the key. */
  readonly keyId: string;
  /** Claim `iss`. @defaultValue none */
  readonly issuer?: string;
  /** Claim `aud`. @defaultValue none */
  readonly audience?: string | readonly string[];
  /** Folder of a stream, a template that ends with a slash: `/live/{stream}/`. Becomes `catu`: path, prefix match. */
  readonly path: string;
  /** Host of the addresses, in `catu`. @defaultValue any */
  readonly host?: string;
  /** Address of the first playlist, a template. Required for `placement: 'url'`. @defaultValue none */
  readonly url?: string;
  /** `url`: in the query of the entry address only. @defaultValue `header` */
  readonly placement?: 'header' | 'query' | 'cookie' | 'url';
  /** Name of the query field. @defaultValue `CAT` */
  readonly tokenName?: string;
  readonly cookie?: MediaCookieOptions;
  /** `catr`. Grants with an end get a token without it, because the CDN would renew it after that end. @defaultValue none */
  readonly renewal?: CatRenewalOptions;
  /** `catm`: HTTP methods. @defaultValue any */
  readonly methods?: readonly string[];
  /** `catgeoiso3166`: countries and regions. @defaultValue any */
  readonly countries?: readonly string[];
  /** `catalpn`: protocols of TLS, such as `h2`. @defaultValue any */
  readonly alpn?: readonly string[];
  /** `catreplay`: 0 permits the use for several requests, 1 forbids it, 2 detects reuse. @defaultValue none */
  readonly replay?: 0 | 1 | 2;
  /** Lifetime in seconds, 1 to 31,536,000, if the grant sets none. @defaultValue 300 */
  readonly ttlSeconds?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

const NAME = 'commonAccessTokenIssuer';

/**
 * Reads the shared key.
 *
 * @throws TypeError for fewer than 32 bytes, or another text.
 */
export const catKey = importOnce((hex) => {
  const bytes = fromHex(hex.trim());
  if (bytes === null || bytes.length < 32)
    throw new TypeError('The key of a Common Access Token must be at least 64 hexadecimal digits.');
  return cwtKey(bytes);
});

/**
 * Issues Common Access Tokens (CTA-5007-B): a CBOR Web Token in COSE_Mac0 with HMAC 256/256.
 *
 * @see https://shop.cta.tech/products/cta-5007
 * @throws TypeError if options contradict each other.
 * @throws Problem `issuer-parameter-invalid` from `issue` for a grant that the token cannot express.
 */
export function commonAccessTokenIssuer(options: CommonAccessTokenIssuerOptions): TokenIssuer {
  requireKnownOptions('commonAccessTokenIssuer', options, optionNames);
  const { placement = 'header', tokenName = 'CAT', ttlSeconds = 300, now = Date.now } = options;
  checkOptions(options, placement, tokenName);
  lifetimeSeconds(ttlSeconds);
  return {
    bindsTokens: false,
    async issue({ stream, grant, user }): Promise<IssuedToken> {
      refuseClaims(grant, NAME, ['exp', 'nbf']);
      refuseRestrictions(grant, NAME, ['ip']);
      const nowMs = now();
      const expiresAt = grantedEnd(grant, ttlSeconds, nowMs);
      const tokenId = grant.id ?? crypto.randomUUID();
      const notBefore = grant.claims?.['nbf'];
      const endsForGood = grant.expiresAt !== undefined || grant.claims?.['exp'] !== undefined;
      const renewal = endsForGood ? undefined : options.renewal;
      const path = fillTemplate(options.path, stream);
      const given: [number, CborValue | undefined][] = [
        [CLAIM.iss, options.issuer],
        [CLAIM.sub, user],
        [CLAIM.aud, options.audience],
        [CLAIM.exp, expiresAt],
        [CLAIM.nbf, notBefore === undefined ? undefined : numericDate(notBefore, 'nbf')],
        [CLAIM.iat, Math.floor(nowMs / 1000)],
        [CLAIM.cti, utf8(tokenId)],
        [CLAIM.catreplay, options.replay],
        [
          CLAIM.catnip,
          grant.restrictions?.ip === undefined ? undefined : [networkAddress(grant.restrictions.ip)],
        ],
        [CLAIM.catu, addressClaim(path, options.host)],
        [CLAIM.catm, options.methods],
        [CLAIM.catalpn, options.alpn?.map(utf8)],
        [CLAIM.catgeoiso3166, options.countries],
        [CLAIM.catr, renewal && renewalClaim(renewal)],
      ];
      const claims = new Map(given.filter((pair): pair is [number, CborValue] => pair[1] !== undefined));
      const token = await writeCwt(claims, await catKey(await readSecret(options.key)), options.keyId);
      const entry = options.url === undefined ? undefined : fillTemplate(options.url, stream);
      // `automatic` renews the token where it was.
      const renewsCookie =
        renewal?.type === 'cookie' || (renewal?.type === 'automatic' && placement === 'cookie');
      const own = { expiresAt, tokenId, ...(renewsCookie && { isRenewedInCookie: true }) };
      const at = entry === undefined ? {} : { url: entry };
      const field = { [tokenName]: token };
      switch (placement) {
        case 'header':
          return { headers: { [CAT_HEADER]: token }, ...at, ...own };
        case 'cookie':
          return {
            cookie: true,
            setCookies: [mediaCookie(CAT_HEADER, token, options.cookie ?? {}, stream)],
            ...at,
            ...own,
          };
        case 'query':
          return { query: field, ...(entry !== undefined && { url: appendQuery(entry, field) }), ...own };
        case 'url':
          return { url: appendQuery(entry ?? '', field), ...(options.cookie && { cookie: true }), ...own };
      }
    },
  };
}

function addressClaim(path: string, host: string | undefined): CborValue {
  return new Map<CborValue, CborValue>([
    ...(host === undefined ? [] : [[URI_PART.host, new Map([[MATCH.exact, host]])] as const]),
    [URI_PART.path, new Map([[MATCH.prefix, path]])],
  ]);
}

function networkAddress(ip: string): CborValue {
  if (!ipaddr.isValid(ip))
    throw new Problem('issuer-parameter-invalid', 'restrictions.ip of the grant is not an IP address.');
  const address = ipaddr.process(ip);
  return new CborTag(address.kind() === 'ipv4' ? IPV4_TAG : IPV6_TAG, Uint8Array.from(address.toByteArray()));
}

function renewalClaim(options: CatRenewalOptions): CborValue {
  const members = Object.entries(RENEWAL).flatMap(([name, label]): [number, CborValue][] => {
    const value = name === 'type' ? RENEWAL_TYPE[options.type] : options[name as keyof CatRenewalOptions];
    return value === undefined ? [] : [[label, value]];
  });
  return new Map(members);
}

function checkOptions(
  { path, url, host, cookie, renewal, keyId }: CommonAccessTokenIssuerOptions,
  placement: string,
  tokenName: string,
): void {
  checkTemplate(path, 'path');
  if (!/^\/[^*?#]*\{stream\}\/$/.test(path))
    throw new TypeError(
      'The option path must begin with a slash and end with "{stream}/", such as /live/{stream}/.',
    );
  if (!/^[\w-]+$/.test(tokenName))
    throw new TypeError('The option tokenName must have letters, digits, hyphens and underscores only.');
  if (keyId === '') throw new TypeError('The option keyId must not be empty.');
  if (host?.includes('/') || host?.includes(':')) throw new TypeError('The option host must be a host name.');
  if (url !== undefined) checkUrlTemplate(url, 'url');
  if (cookie !== undefined) checkMediaCookie(cookie);
  if (placement === 'url' && url === undefined)
    throw new TypeError('The placement "url" needs the option url, the address of the first playlist.');
  for (const seconds of [renewal?.expadd, renewal?.deadline])
    if (seconds !== undefined && (!Number.isInteger(seconds) || seconds < 1))
      throw new TypeError(
        'The options renewal.expadd and renewal.deadline must be whole seconds, at least 1.',
      );
}

const renewalNames: OptionNames<CatRenewalOptions> = {
  type: true,
  expadd: true,
  deadline: true,
  cookieName: true,
  headerName: true,
  cookieParams: true,
  headerParams: true,
  code: true,
};

const optionNames: Readonly<Record<keyof CommonAccessTokenIssuerOptions, true | KnownOptions>> = {
  key: true,
  keyId: true,
  issuer: true,
  audience: true,
  path: true,
  host: true,
  url: true,
  placement: true,
  tokenName: true,
  cookie: mediaCookieOptionNames,
  renewal: renewalNames,
  methods: true,
  countries: true,
  alpn: true,
  replay: true,
  ttlSeconds: true,
  now: true,
};
