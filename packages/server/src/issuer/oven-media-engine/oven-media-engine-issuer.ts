import ipaddr from 'ipaddr.js';
import { Problem } from '../../http/problem.js';
import { grantedEnd, numericDate } from '../granted-end.js';
import { lifetimeSeconds } from '../lifetime-seconds.js';
import { refuseClaims, refuseRestrictions } from '../refuse-unsupported.js';
import { readSecret, type Secret } from '../secret.js';
import { appendQuery, checkUrlTemplate, fillTemplate } from '../stream-template.js';
import type { IssuedToken, IssueRequest, TokenIssuer } from '../token-issuer.js';
import { encodePolicy, signAddress, signedAddress } from './signed-policy.js';
import { requireKnownOptions } from '../../http/require-known-options.js';

export interface OvenMediaEngineIssuerOptions {
  /** `SecretKey` of `<SignedPolicy>` in `Server.xml`. */
  readonly secretKey: Secret;
  /**
   * The address that is signed, a template: `https://ome.example.com:3334/app/{stream}/llhls.m3u8` for playback,
   * `https://ome.example.com:3334/app/{stream}?direction=whip` for WHIP. A signature is valid for this address only.
   */
  readonly url: string;
  /** `PolicyQueryKeyName` @defaultValue `policy` */
  readonly policyQueryKeyName?: string;
  /** `SignatureQueryKeyName` @defaultValue `signature` */
  readonly signatureQueryKeyName?: string;
  /**
   * `url`: the signed entry address; OvenMediaEngine writes a session into the addresses of the playlists. `query`: fields for the
   * page's own address, which must be that of `url`. @defaultValue `url`
   */
  readonly placement?: 'url' | 'query';
  /** Scheme, host and port that OvenMediaEngine sees, if a proxy changes them: `http://ome.example.com:3333`. */
  readonly signedOrigin?: string;
  /**
   * OvenMediaEngine ends running sessions with the token (`stream_expire`). Without it, it ends them only when the grant says until
   * when access is allowed. @defaultValue false
   */
  readonly streamExpire?: boolean;
  /** IPv4 addresses of the viewers or publishers, `192.0.2.0/24`. `restrictions.ip` of the grant overrides it. @defaultValue any */
  readonly allowIp?: string;
  /** Behind a proxy, `real_ip` compares the address in `X-REAL-IP` or `X-FORWARDED-FOR`. @defaultValue `allow_ip` */
  readonly ipKey?: 'allow_ip' | 'real_ip';
  /** Lifetime in seconds, 1 to 31,536,000, if the grant sets none. @defaultValue 300 */
  readonly ttlSeconds?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

const NAME = 'ovenMediaEngineIssuer';
/** Wildcards, and names that are folders. */
const REFUSED = /[*?]|^\.\.?$/;

/**
 * Issues signed policies for OvenMediaEngine, for playback with HLS or WHEP and for ingest with WHIP.
 *
 * @example
 * ```ts
 * const issuer = ovenMediaEngineIssuer({
 *   secretKey: () => process.env.OME_SECRET_KEY ?? '',
 *   url: 'https://ome.example.com:3334/app/{stream}/llhls.m3u8',
 * });
 * ```
 * @see https://docs.ovenmediaengine.com/access-control/signedpolicy
 * @throws TypeError if an option has another form, or a template does not name the stream.
 * @throws Problem `issuer-parameter-invalid` from `issue` for a grant that a policy cannot express.
 */
export function ovenMediaEngineIssuer(options: OvenMediaEngineIssuerOptions): TokenIssuer {
  requireKnownOptions('ovenMediaEngineIssuer', options, optionNames);
  const { policyQueryKeyName = 'policy', signatureQueryKeyName = 'signature' } = options;
  const { placement = 'url', ipKey = 'allow_ip', ttlSeconds = 300, now = Date.now } = options;
  const names = { policy: policyQueryKeyName, signature: signatureQueryKeyName };
  checkOptions(options, names.policy, names.signature);
  lifetimeSeconds(ttlSeconds);
  return {
    bindsTokens: false,
    async issue({ stream, grant }: IssueRequest): Promise<IssuedToken> {
      refuseClaims(grant, NAME, ['exp', 'nbf']);
      refuseRestrictions(grant, NAME, ['ip']);
      const expiresAt = grantedEnd(grant, ttlSeconds, now());
      const nbf = grant.claims?.['nbf'];
      const lastSeconds = options.streamExpire ? expiresAt : grant.expiresAt;
      const ip = grant.restrictions?.ip ?? options.allowIp;
      const policy = encodePolicy({
        ...(nbf !== undefined && { url_activate: numericDate(nbf, 'nbf') * 1000 }),
        url_expire: expiresAt * 1000,
        ...(lastSeconds !== undefined && { stream_expire: numericDate(lastSeconds, 'expiresAt') * 1000 }),
        ...(ip !== undefined && { [ipKey]: ipRange(ip) }),
      });
      const entry = fillTemplate(options.url, stream, REFUSED);
      const address = signedAddress(
        appendQuery(entry, { [names.policy]: policy }),
        names,
        options.signedOrigin,
      );
      const signature = await signAddress(await readSecret(options.secretKey), address);
      const query = { [names.policy]: policy, [names.signature]: signature };
      return placement === 'query' ? { query, expiresAt } : { url: appendQuery(entry, query), expiresAt };
    },
  };
}

function checkOptions(options: OvenMediaEngineIssuerOptions, policy: string, signature: string): void {
  const { url, signedOrigin, allowIp } = options;
  if (![policy, signature].every((name) => /^[\w.~-]+$/.test(name)) || policy === signature) {
    throw new TypeError(
      'The options policyQueryKeyName and signatureQueryKeyName must be two names of query fields.',
    );
  }
  checkUrlTemplate(url, 'url');
  if (
    new URLSearchParams(url.split('?')[1]).has(policy) ||
    new URLSearchParams(url.split('?')[1]).has(signature)
  )
    throw new TypeError('The option url must not contain a policy or signature.');
  if (signedOrigin !== undefined && !/^(?:https?|wss?):\/\/[^/?#\s]+$/.test(signedOrigin))
    throw new TypeError(
      'The option signedOrigin must be a scheme, host and port, such as http://ome.example.com:3333.',
    );
  if (allowIp !== undefined) ipRange(allowIp);
}

/** @throws Problem unless the text is an IPv4 address or range. */
function ipRange(address: string): string {
  const range = address.includes('/') ? address : `${address}/32`;
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(range)) return range;
  throw new Problem(
    'issuer-parameter-invalid',
    'Policies of OvenMediaEngine can name IPv4 addresses and ranges only, such as 192.0.2.7 or 192.0.2.0/24.',
  );
}

const optionNames: Readonly<Record<keyof OvenMediaEngineIssuerOptions, true>> = {
  secretKey: true,
  url: true,
  policyQueryKeyName: true,
  signatureQueryKeyName: true,
  placement: true,
  signedOrigin: true,
  streamExpire: true,
  allowIp: true,
  ipKey: true,
  ttlSeconds: true,
  now: true,
};
