import { createHmac } from 'node:crypto';
import { Problem } from '@gatecast/server';
import type { SchemeCheck } from '../../../demo/backend/schemes/scheme-row.js';
import { queryOf } from './request-carriers.js';

interface Policy {
  readonly url_activate?: number;
  readonly url_expire?: number;
  readonly stream_expire?: number;
}

/**
 * Computes the signature of the address of the request, without the signature itself: HMAC-SHA1 in base64url.
 *
 * @see https://docs.ovenmediaengine.com/access-control/signedpolicy
 */
export const ovenMediaEngineCheck: SchemeCheck = async (request, { config, context, nowMs }) => {
  const query = queryOf(request);
  const [encoded, signature] = [query.get('policy'), query.get('signature')];
  if (encoded === undefined || signature === undefined)
    throw new Problem('token-missing', 'The request has no signed policy.');
  const secret = await context.readSecret(config['secretKey'] as { env: string });
  const address = request.url.replace(/&signature=[^&]*/, '').replace(/^(http:\/\/[^/:]+)(?=\/)/, '$1:80');
  if (createHmac('sha1', secret).update(address).digest('base64url') !== signature)
    throw new Problem('token-invalid', 'OvenMediaEngine computes another signature.');
  const policy = JSON.parse(Buffer.from(encoded, 'base64url').toString()) as Policy;
  const { url_activate: begin = 0, url_expire: end = NaN, stream_expire: last = end } = policy;
  if (begin > nowMs) throw new Problem('token-not-yet-valid', 'The policy is not valid yet.');
  if (!(Math.min(end, last) > nowMs)) throw new Problem('token-expired', 'The policy has expired.');
  return { expiresAt: Math.min(end, last) / 1000 };
};
