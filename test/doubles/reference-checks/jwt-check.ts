import { createLocalJWKSet } from 'jose';
import type { SchemeCheck } from '../../../demo/backend/schemes/scheme-row.js';
import { queryOf } from './request-carriers.js';
import { verifiedJwt } from './verified-jwt.js';

/** Verifies the token of an origin with signing keys: `sub` is the stream, and `aud` what the origin expects, `v` by default. */
export const jwtCheck: SchemeCheck = async (request, { config, context, row, stream, nowMs }) => {
  const [, bearer] = /^Bearer (\S+)$/.exec(request.headers.get('Authorization') ?? '') ?? [];
  const token = row.carriers.headers === undefined ? queryOf(request).get('token') : bearer;
  const { audience = 'v' } = config as { readonly audience?: string };
  const { expiresAt } = await verifiedJwt(token, createLocalJWKSet(context.keys.jwks()), nowMs, {
    audience,
    subject: stream,
  });
  return { expiresAt };
};
