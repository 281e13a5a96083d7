import * as v from 'valibot';
import { seconds, text } from './config-fields.js';

/** Configuration of every issuer that signs JWTs itself. */
export const signedJwtConfig = {
  audience: v.optional(v.union([text, v.array(text)])),
  issuer: v.optional(text),
  typ: v.optional(text),
  ttlSeconds: v.optional(seconds),
  include: v.optional(v.array(v.picklist(['iat', 'nbf', 'jti']))),
  claims: v.optional(v.record(v.string(), v.unknown())),
};
