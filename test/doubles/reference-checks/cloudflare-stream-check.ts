import { Problem } from '@gatecast/server';
import type { SchemeCheck } from '../../../demo/backend/schemes/scheme-row.js';
import { publicHalf, verifiedJwt } from './verified-jwt.js';

/** Cloudflare refuses tokens that end later than this. */
const LONGEST_SECONDS = 86_400;

/** Verifies the token in the path, with the documented claims: `sub` is the uid, and `kid` is in the header and the claims. */
export const cloudflareStreamCheck: SchemeCheck = async (request, { config, context, stream, nowMs }) => {
  const token = new URL(request.url).pathname.split('/').find((segment) => segment.startsWith('eyJ'));
  const pem = await context.readSecret(config['privateKey'] as { env: string });
  const { claims, kid, expiresAt } = await verifiedJwt(token, publicHalf(pem), nowMs, {
    algorithms: ['RS256'],
    subject: stream,
  });
  if (kid !== config['keyId'] || claims['kid'] !== kid)
    throw new Problem('token-invalid', 'The token names another key.');
  if (expiresAt * 1000 > nowMs + LONGEST_SECONDS * 1000)
    throw new Problem('token-invalid', 'The token ends later than in 24 hours.');
  return { expiresAt };
};
