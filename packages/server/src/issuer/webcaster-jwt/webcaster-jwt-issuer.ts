import { toNumericDate } from '@gatecast/contract';
import { refuseRestrictions } from '../refuse-restrictions.js';
import { lifetimeSeconds } from '../lifetime-seconds.js';
import type { IssueRequest } from '../token-issuer.js';
import { tokenAnswer, tokenEnd } from '../nanocosmos/jwt-answer.js';
import { TokenCache, type SharingOptions } from '../nanocosmos/token-cache.js';
import { VendorClient, type Secret, type VendorOptions } from '../nanocosmos/vendor-client.js';
import { checkText, checkWindow, invalid } from '../nanocosmos/vendor-parameters.js';
import { verifyByVendor, type VerifyingIssuer } from '../nanocosmos/verify-by-vendor.js';

export interface WebcasterJwtIssuerOptions extends VendorOptions, SharingOptions {
  /** Sent as `X-BINTU-APIKEY`, from this server only. */
  readonly apiKey: Secret;
  /** RTMP(S) address of the ingest, or a function of the stream. */
  readonly ingestUrl: string | ((stream: string) => string);
  /** Lifetime in seconds where the grant gives none. @defaultValue 3,600 */
  readonly ttlSeconds?: number;
}

/**
 * Ingest tokens of the vendor's Webcaster, made by its service at `/webcaster`.
 *
 * @see https://docs.nanocosmos.de/docs/webrtc-v5/nanostream_webrtc_secure_ingest
 */
export function webcasterJwtIssuer(options: WebcasterJwtIssuerOptions): VerifyingIssuer {
  const { apiKey, ingestUrl, ttlSeconds = 3600, now = Date.now } = options;
  lifetimeSeconds(ttlSeconds);
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
    const ttl = lifetimeSeconds(grant.ttlSeconds ?? ttlSeconds);
    const target = {
      streamname: checkText(stream, 'streamname'),
      ingesturl: checkIngestUrl(typeof ingestUrl === 'function' ? ingestUrl(stream) : ingestUrl),
    };
    const call = async () => {
      const exp = toNumericDate(now()) + ttl;
      checkWindow(undefined, exp, now());
      const token = tokenAnswer(await client.post('', { ...target, exp }));
      return { token, expiresAt: tokenEnd(token) ?? exp };
    };
    return shared.get(JSON.stringify([target, ttl]), call, signal);
  }

  return { issue, verify: (token) => verifyByVendor(client, token) };
}

function checkIngestUrl(url: string): string {
  if (!URL.canParse(url) || !/^rtmps?:$/.test(new URL(url).protocol)) {
    throw invalid('"ingesturl" is not an rtmp:// or rtmps:// address: set the option ingestUrl.');
  }
  return url;
}
