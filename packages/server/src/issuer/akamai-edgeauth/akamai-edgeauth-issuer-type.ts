import * as v from 'valibot';
import { omitUndefined } from '../../http/omit-undefined.js';
import { options, positive, seconds, secret, text } from '../config-fields.js';
import { issuerType } from '../issuer-type.js';
import { mediaCookieConfig } from '../media-cookie.js';
import { akamaiEdgeAuthIssuer } from './akamai-edgeauth-issuer.js';
import { akamaiEdgeAuthScheme } from './scheme.js';
import { akamaiEdgeauthStart } from './akamai-edgeauth-start.js';

export const akamaiEdgeAuthIssuerType = issuerType(
  options({
    type: v.literal('akamai-edgeauth'),
    key: secret,
    algorithm: v.optional(v.picklist(['sha256', 'sha1', 'md5'])),
    acl: v.optional(v.union([text, v.array(text)])),
    url: v.optional(text),
    tokenName: v.optional(text),
    placement: v.optional(v.picklist(['query', 'url', 'cookie', 'header'])),
    sessionCookie: v.optional(v.boolean()),
    startTime: v.optional(v.union([v.literal('now'), positive])),
    sessionId: v.optional(v.boolean()),
    payload: v.optional(text),
    salt: v.optional(secret),
    escapeEarly: v.optional(v.boolean()),
    cookie: v.optional(mediaCookieConfig),
    ttlSeconds: v.optional(seconds),
  }),
  ({ type: _type, key, salt, cookie, ...rest }, context) =>
    akamaiEdgeAuthIssuer({
      ...omitUndefined({ ...rest, now: context.now }),
      ...(cookie && { cookie: omitUndefined(cookie) }),
      ...(salt && { salt: () => context.readSecret(salt) }),
      key: () => context.readSecret(key),
    }),
  { scheme: akamaiEdgeAuthScheme, start: akamaiEdgeauthStart },
);
