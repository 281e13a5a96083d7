import { endOptions } from '../granted-end.js';
import { refuseClaims, refuseRestrictions } from '../refuse-unsupported.js';
import type { IssueRequest } from '../token-issuer.js';
import { tokenAnswer, tokenEnd } from '../nanocosmos/jwt-answer.js';
import { checkLifetime, requestedEnd, type VendorLifetime } from '../nanocosmos/requested-end.js';
import { TokenCache, type SharingOptions } from '../nanocosmos/token-cache.js';
import { VendorClient, type VendorOptions } from '../nanocosmos/vendor-client.js';
import { vendorOptionNames } from '../nanocosmos/vendor-option-names.js';
import type { Secret } from '../secret.js';
import { checkText, checkValidityPeriod, invalid } from '../nanocosmos/vendor-parameters.js';
import { verifyByVendor, type VerifyingIssuer } from '../nanocosmos/verify-by-vendor.js';
import { requireKnownOptions } from '../../http/require-known-options.js';

export interface WebcasterJwtIssuerOptions extends VendorOptions, SharingOptions {
  /** API key, sent as `X-BINTU-APIKEY`. It never leaves the backend in another way. */
  readonly apiKey: Secret;
  /** Ingest URL (`rtmp://` or `rtmps://`), or a function that returns it for a stream. */
  readonly ingestUrl: string | ((stream: string) => string);
  /**
   * Lifetime in seconds, 1 to 31,536,000, if the grant sets none. With `vendor-default`, the request has no `exp`, and the
   * vendor issues tokens for one week. @defaultValue 3,600
   */
  readonly ttlSeconds?: VendorLifetime;
}

/**
 * Requests ingest tokens for the nanocosmos Webcaster from the vendor's service (`/webcaster`). A grant with claims other than
 * `exp` is refused.
 *
 * @see https://docs.nanocosmos.de/docs/webrtc-v5/nanostream_webrtc_secure_ingest
 * @throws TypeError if `ttlSeconds` or `reuseFraction` is out of range.
 * @throws Problem `issuer-parameter-invalid` or `vendor-…` from `issue`.
 */
export function webcasterJwtIssuer(options: WebcasterJwtIssuerOptions): VerifyingIssuer {
  requireKnownOptions('webcasterJwtIssuer', options, optionNames);
  const { apiKey, ingestUrl, ttlSeconds = 3600, now = Date.now } = options;
  checkLifetime(ttlSeconds);
  const client = new VendorClient({
    ...options,
    service: 'The Webcaster token service',
    url: options.url ?? 'https://cts.nanocosmos.de/webcaster',
    header: 'X-BINTU-APIKEY',
    secret: apiKey,
  });
  const shared = new TokenCache(options, now);

  async function issue({ stream, grant, signal }: IssueRequest) {
    refuseRestrictions(grant, 'webcasterJwtIssuer');
    refuseClaims(grant, 'webcasterJwtIssuer', ['exp']);
    const target = {
      streamname: checkText(stream, 'streamname'),
      ingesturl: checkIngestUrl(typeof ingestUrl === 'function' ? ingestUrl(stream) : ingestUrl),
    };
    const call = async () => {
      const exp = requestedEnd(grant, ttlSeconds, now());
      checkValidityPeriod({ exp }, now());
      const token = tokenAnswer(await client.post('', { ...target, ...(exp !== undefined && { exp }) }));
      return { token, expiresAt: tokenEnd(token, exp) };
    };
    return shared.get(JSON.stringify([target, endOptions(grant)]), call, signal);
  }

  return { issue, bindsTokens: false, verify: (token) => verifyByVendor(client, token) };
}

function checkIngestUrl(url: string): string {
  if (!URL.canParse(url) || !/^rtmps?:$/.test(new URL(url).protocol)) {
    throw invalid('"ingesturl" is not an rtmp:// or rtmps:// URL. Check the option ingestUrl.');
  }
  return url;
}

const optionNames: Readonly<Record<keyof WebcasterJwtIssuerOptions, true>> = {
  ...vendorOptionNames,
  apiKey: true,
  ingestUrl: true,
  ttlSeconds: true,
};
