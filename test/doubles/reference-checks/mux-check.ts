import Mux from '@mux/mux-node';
import { Problem } from '@gatecast/server';
import { decodeJwt } from 'jose';
import { isDeepStrictEqual } from 'node:util';
import type { SchemeCheck } from '../../../demo/backend/schemes/scheme-row.js';
import { queryOf } from './request-carriers.js';
import { publicHalf, verifiedJwt } from './verified-jwt.js';

/** Verifies the signature, and compares the claims with those that Mux’ library writes for the same playback id. */
export const muxCheck: SchemeCheck = async (request, { config, context, stream, nowMs }) => {
  const keyId = String(config['keyId']);
  const pem = await context.readSecret(config['keySecret'] as { env: string });
  const { claims, expiresAt } = await verifiedJwt(queryOf(request).get('token'), publicHalf(pem), nowMs, {
    algorithms: ['RS256'],
    audience: 'v',
    subject: stream,
  });
  const library = new Mux({ tokenId: 'a', tokenSecret: 'b', jwtSigningKey: keyId, jwtPrivateKey: pem });
  const theirs = await library.jwt.signPlaybackId(stream, { type: 'video', expiration: '60s' });
  const expected = { ...decodeJwt(theirs), exp: claims.exp };
  if (!isDeepStrictEqual({ ...claims }, expected))
    throw new Problem('token-invalid', 'Mux’ library writes other claims.');
  return { expiresAt };
};
