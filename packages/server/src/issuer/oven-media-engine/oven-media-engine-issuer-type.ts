import * as v from 'valibot';
import { omitUndefined } from '../../http/omit-undefined.js';
import { options, seconds, secret, text } from '../config-fields.js';
import { issuerType } from '../issuer-type.js';
import { ovenMediaEngineIssuer } from './oven-media-engine-issuer.js';
import { ovenMediaEngineScheme } from './scheme.js';
import { ovenMediaEngineStart } from './oven-media-engine-start.js';

export const ovenMediaEngineIssuerType = issuerType(
  options({
    type: v.literal('oven-media-engine'),
    secretKey: secret,
    url: text,
    policyQueryKeyName: v.optional(text),
    signatureQueryKeyName: v.optional(text),
    placement: v.optional(v.picklist(['url', 'query'])),
    signedOrigin: v.optional(text),
    streamExpire: v.optional(v.boolean()),
    allowIp: v.optional(text),
    ipKey: v.optional(v.picklist(['allow_ip', 'real_ip'])),
    ttlSeconds: v.optional(seconds),
  }),
  ({ type: _type, secretKey, ...rest }, context) =>
    ovenMediaEngineIssuer({
      ...omitUndefined({ ...rest, now: context.now }),
      secretKey: () => context.readSecret(secretKey),
    }),
  { scheme: ovenMediaEngineScheme, start: ovenMediaEngineStart },
);
