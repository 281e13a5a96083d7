import ipaddr from 'ipaddr.js';
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
import { appendQuery, checkTemplate, checkUrlTemplate, fillTemplate } from '../stream-template.js';
import type { IssuedToken, IssueRequest, TokenIssuer } from '../token-issuer.js';
import { encodePolicy, toCloudFrontBase64, writePolicy, type Policy } from './policy.js';
import { cloudFrontKey, type HashAlgorithm } from './signing-key.js';
import { requireKnownOptions, type KnownOptions } from '../../http/require-known-options.js';

export interface CloudFrontIssuerOptions {
  /** Id of the public key in CloudFront, such as `K2JCJMDEHXQW5F`. Its key group must be trusted by the cache behavior. */
  readonly keyPairId: string;
  /** The private key in PEM: RSA with 2,048 bits, or P-256. */
  readonly privateKey: Secret;
  /**
   * Address of the stream's first playlist, a template: `https://d111111abcdef8.cloudfront.net/{stream}/index.m3u8`. Required for
   * a canned policy, which allows this address only, and for `placement: 'url'`. @defaultValue none
   */
  readonly url?: string;
  /**
   * What a custom policy allows, a template with the wildcards `*` and `?`: `https://d111111abcdef8.cloudfront.net/{stream}/*`.
   * Required for a custom policy. @defaultValue none
   */
  readonly resource?: string;
  /** @defaultValue `custom` */
  readonly policy?: 'canned' | 'custom';
  /**
   * `query`: the fields go on every request; `url`: only on the entry address, for origins that write the fields of the other
   * addresses themselves; `cookie`: as signed cookies. @defaultValue `query`, for a canned policy `url`
   */
  readonly placement?: 'query' | 'url' | 'cookie';
  /** `SHA256` adds the field `Hash-Algorithm`. @defaultValue `SHA1`, which CloudFront takes without that field */
  readonly hashAlgorithm?: HashAlgorithm;
  /**
   * IPv4 address or range of the viewers, such as `192.0.2.0/24`. `restrictions.ip` of the grant overrides it. For custom
   * policies only. @defaultValue any
   */
  readonly ipAddress?: string;
  /** No use before that time, NumericDate seconds. The claim `nbf` of the grant overrides it. For custom policies only. */
  readonly dateGreaterThan?: number;
  /** Attributes of signed cookies. */
  readonly cookie?: MediaCookieOptions;
  /** Lifetime in seconds, 1 to 31,536,000, if the grant sets none. @defaultValue 300 */
  readonly ttlSeconds?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

const NAME = 'cloudfrontIssuer';

/**
 * Issues signed URLs and signed cookies for Amazon CloudFront.
 *
 * @example
 * ```ts
 * const issuer = cloudfrontIssuer({
 *   keyPairId: 'K2JCJMDEHXQW5F',
 *   privateKey: () => process.env.CLOUDFRONT_KEY ?? '',
 *   resource: 'https://d111111abcdef8.cloudfront.net/{stream}/*',
 * });
 * ```
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
 * @throws TypeError if options contradict each other, or a template does not name the stream.
 * @throws Problem `issuer-parameter-invalid` from `issue` for a grant that the policy cannot express.
 */
export function cloudfrontIssuer(options: CloudFrontIssuerOptions): TokenIssuer {
  requireKnownOptions('cloudfrontIssuer', options, optionNames);
  const { policy = 'custom', ttlSeconds = 300, hashAlgorithm = 'SHA1', now = Date.now } = options;
  const placement = options.placement ?? (policy === 'canned' ? 'url' : 'query');
  checkOptions(options, policy, placement);
  lifetimeSeconds(ttlSeconds);
  return {
    bindsTokens: false,
    async issue({ stream, grant }: IssueRequest): Promise<IssuedToken> {
      refuseClaims(grant, NAME, ['exp', 'nbf']);
      refuseRestrictions(grant, NAME, policy === 'custom' ? ['ip'] : []);
      const nbf = grant.claims?.['nbf'];
      if (nbf !== undefined && policy === 'canned')
        throw invalid('A canned policy has no begin. Set the option policy to "custom".');
      const expiresAt = grantedEnd(grant, ttlSeconds, now());
      const dateGreaterThan = nbf === undefined ? options.dateGreaterThan : numericDate(nbf, 'nbf');
      if (dateGreaterThan !== undefined && dateGreaterThan >= expiresAt)
        throw invalid('The begin of the policy is not before its end.');
      const ipAddress = grant.restrictions?.ip ?? options.ipAddress;
      const entry = options.url === undefined ? undefined : fillTemplate(options.url, stream);
      const resource = policy === 'canned' ? entry : fillTemplate(options.resource ?? '', stream);
      const fields = await signedFields(options, policy, hashAlgorithm, {
        resource: resource ?? '',
        dateLessThan: expiresAt,
        dateGreaterThan,
        ipAddress: ipAddress === undefined ? undefined : ipRange(ipAddress),
      });
      if (placement === 'cookie') {
        const setCookies = Object.entries(fields).map(([name, value]) =>
          mediaCookie(`CloudFront-${name}`, value, options.cookie ?? {}, stream),
        );
        return { cookie: true, setCookies, ...(entry !== undefined && { url: entry }), expiresAt };
      }
      return {
        ...(placement === 'query' && { query: fields }),
        ...(entry !== undefined && { url: appendQuery(entry, fields) }),
        expiresAt,
      };
    },
  };
}

async function signedFields(
  { privateKey, keyPairId }: CloudFrontIssuerOptions,
  kind: 'canned' | 'custom',
  hashAlgorithm: HashAlgorithm,
  policy: Policy,
): Promise<Record<string, string>> {
  const key = await cloudFrontKey(await readSecret(privateKey), hashAlgorithm);
  const json = writePolicy(policy);
  return {
    ...(kind === 'canned' ? { Expires: String(policy.dateLessThan) } : { Policy: encodePolicy(json) }),
    'Key-Pair-Id': keyPairId,
    Signature: toCloudFrontBase64(await key.sign(json)),
    ...(hashAlgorithm === 'SHA256' && { 'Hash-Algorithm': hashAlgorithm }),
  };
}

function checkOptions(options: CloudFrontIssuerOptions, policy: string, placement: string): void {
  const { keyPairId, url, resource, ipAddress, dateGreaterThan, cookie } = options;
  if (!/^\w+$/.test(keyPairId))
    throw new TypeError('The option keyPairId must be the id of a public key in CloudFront.');
  if (url !== undefined) checkUrlTemplate(url, 'url');
  if (/[?&](?:Expires|Policy|Signature|Key-Pair-Id|Hash-Algorithm)=/.test(url ?? ''))
    throw new TypeError('The option url must not contain a field of CloudFront.');
  if (cookie !== undefined) checkMediaCookie(cookie);
  if (ipAddress !== undefined) ipRange(ipAddress);
  if (placement === 'url' && url === undefined)
    throw new TypeError('The placement "url" needs the option url, the address of the first playlist.');
  if (policy === 'custom') {
    if (resource === undefined)
      throw new TypeError(
        'A custom policy needs the option resource, such as https://cdn.example.com/{stream}/*.',
      );
    if (!/^https?\*?:\/\/|^\*:\/\//.test(resource))
      throw new TypeError('The option resource must begin with http://, https:// or http*://.');
    checkTemplate(resource, 'resource');
    return;
  }
  if (url === undefined) throw new TypeError('A canned policy needs the option url.');
  if (/[?*]/.test(url.replace(/\?.*$/s, '')))
    throw new TypeError('A canned policy allows one address only. Remove the wildcard from the option url.');
  if (placement === 'query') {
    throw new TypeError(
      'A canned policy allows one address only, so its fields cannot go on every request. Set policy to "custom".',
    );
  }
  if (ipAddress !== undefined || dateGreaterThan !== undefined || resource !== undefined)
    throw new TypeError('The options resource, ipAddress and dateGreaterThan need a custom policy.');
}

/** @throws Problem unless the text is an IPv4 address or range. */
function ipRange(address: string): string {
  const range = address.includes('/') ? address : `${address}/32`;
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(range)) return range;
  throw invalid(
    'CloudFront policies can name IPv4 addresses and ranges only, such as 192.0.2.7 or 192.0.2.0/24.',
  );
}

function invalid(message: string): Problem {
  return new Problem('issuer-parameter-invalid', message);
}

const optionNames: Readonly<Record<keyof CloudFrontIssuerOptions, true | KnownOptions>> = {
  keyPairId: true,
  privateKey: true,
  url: true,
  resource: true,
  policy: true,
  placement: true,
  hashAlgorithm: true,
  ipAddress: true,
  dateGreaterThan: true,
  cookie: mediaCookieOptionNames,
  ttlSeconds: true,
  now: true,
};
