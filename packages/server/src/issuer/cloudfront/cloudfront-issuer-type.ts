import * as v from 'valibot';
import { omitUndefined } from '../../http/omit-undefined.js';
import { options, positive, seconds, secret, text } from '../config-fields.js';
import { issuerType } from '../issuer-type.js';
import { mediaCookieConfig } from '../media-cookie.js';
import { cloudfrontIssuer } from './cloudfront-issuer.js';
import { cloudfrontScheme } from './scheme.js';
import { cloudfrontStart } from './cloudfront-start.js';

export const cloudfrontIssuerType = issuerType(
  options({
    type: v.literal('cloudfront'),
    keyPairId: text,
    privateKey: secret,
    url: v.optional(text),
    resource: v.optional(text),
    policy: v.optional(v.picklist(['canned', 'custom'])),
    placement: v.optional(v.picklist(['query', 'url', 'cookie'])),
    hashAlgorithm: v.optional(v.picklist(['SHA1', 'SHA256'])),
    ipAddress: v.optional(text),
    dateGreaterThan: v.optional(positive),
    cookie: v.optional(mediaCookieConfig),
    ttlSeconds: v.optional(seconds),
  }),
  ({ type: _type, privateKey, cookie, ...rest }, context) =>
    cloudfrontIssuer({
      ...omitUndefined({ ...rest, now: context.now }),
      ...(cookie && { cookie: omitUndefined(cookie) }),
      privateKey: () => context.readSecret(privateKey),
    }),
  { scheme: cloudfrontScheme, start: cloudfrontStart },
);
