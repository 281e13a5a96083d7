import * as v from 'valibot';
import { omitUndefined } from '../../http/omit-undefined.js';
import { options, positive, seconds, secret, text } from '../config-fields.js';
import { issuerType } from '../issuer-type.js';
import { bunnyIssuer } from './bunny-issuer.js';
import { bunnyScheme } from './scheme.js';
import { bunnyStart } from './bunny-start.js';

export const bunnyIssuerType = issuerType(
  options({
    type: v.literal('bunny'),
    securityKey: secret,
    tokenPath: text,
    placement: v.optional(v.picklist(['path', 'query'])),
    algorithm: v.optional(v.picklist(['HS256', 'SHA256'])),
    countriesAllowed: v.optional(v.array(text)),
    countriesBlocked: v.optional(v.array(text)),
    ignoreParams: v.optional(v.boolean()),
    speedLimit: v.optional(positive),
    url: v.optional(text),
    ttlSeconds: v.optional(seconds),
  }),
  ({ type: _type, securityKey, ...rest }, context) =>
    bunnyIssuer({
      ...omitUndefined({ ...rest, now: context.now }),
      securityKey: () => context.readSecret(securityKey),
    }),
  { scheme: bunnyScheme, start: bunnyStart },
);
