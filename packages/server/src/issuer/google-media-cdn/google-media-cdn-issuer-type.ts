import * as v from 'valibot';
import { omitUndefined } from '../../http/omit-undefined.js';
import { options, seconds, secret, text } from '../config-fields.js';
import { issuerType } from '../issuer-type.js';
import { mediaCookieConfig } from '../media-cookie.js';
import { googleMediaCdnIssuer } from './google-media-cdn-issuer.js';
import { googleMediaCdnScheme } from './scheme.js';
import { googleMediaCdnStart } from './google-media-cdn-start.js';

export const googleMediaCdnIssuerType = issuerType(
  options({
    type: v.literal('google-media-cdn'),
    authentication: v.optional(v.picklist(['signature', 'token'])),
    key: secret,
    signatureAlgorithm: v.optional(v.picklist(['ED25519', 'HMAC_SHA_256', 'HMAC_SHA1'])),
    keyName: v.optional(text),
    urlPrefix: v.optional(text),
    pathGlobs: v.optional(v.union([text, v.array(text)])),
    url: v.optional(text),
    placement: v.optional(v.picklist(['query', 'url', 'path', 'cookie'])),
    tokenQueryParameter: v.optional(text),
    sessionCookie: v.optional(v.boolean()),
    sessionId: v.optional(v.boolean()),
    data: v.optional(text),
    cookie: v.optional(mediaCookieConfig),
    ttlSeconds: v.optional(seconds),
  }),
  ({ type: _type, key, cookie, ...rest }, context) =>
    googleMediaCdnIssuer({
      ...omitUndefined({ ...rest, now: context.now }),
      ...(cookie && { cookie: omitUndefined(cookie) }),
      key: () => context.readSecret(key),
    }),
  { scheme: googleMediaCdnScheme, start: googleMediaCdnStart },
);
