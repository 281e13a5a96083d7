import * as v from 'valibot';
import { omitUndefined } from '../../http/omit-undefined.js';
import { options, seconds, secret, text } from '../config-fields.js';
import { issuerType } from '../issuer-type.js';
import { muxIssuer } from './mux-issuer.js';
import { muxScheme } from './scheme.js';
import { muxTokenTypes } from './token-types.js';
import { muxStart } from './mux-start.js';

export const muxIssuerType = issuerType(
  options({
    type: v.literal('mux'),
    keyId: text,
    keySecret: secret,
    tokenType: v.optional(v.picklist(muxTokenTypes)),
    params: v.optional(v.record(text, v.union([v.string(), v.number(), v.boolean()]))),
    playbackRestrictionId: v.optional(text),
    url: v.optional(text),
    ttlSeconds: v.optional(seconds),
  }),
  ({ type: _type, keySecret, ...rest }, context) =>
    muxIssuer({
      ...omitUndefined({ ...rest, now: context.now }),
      keySecret: () => context.readSecret(keySecret),
    }),
  { scheme: muxScheme, start: muxStart },
);
