import * as v from 'valibot';
import { omitUndefined } from '../../http/omit-undefined.js';
import { options, seconds, secret, text } from '../config-fields.js';
import { issuerType } from '../issuer-type.js';
import { accessRulesConfig } from './access-rules.js';
import { cloudflareStreamIssuer } from './cloudflare-stream-issuer.js';
import { cloudflareStreamScheme } from './scheme.js';
import { cloudflareStreamStart } from './cloudflare-stream-start.js';

export const cloudflareStreamIssuerType = issuerType(
  options({
    type: v.literal('cloudflare-stream'),
    keyId: text,
    privateKey: secret,
    url: v.optional(text),
    accessRules: v.optional(accessRulesConfig),
    downloadable: v.optional(v.boolean()),
    ttlSeconds: v.optional(seconds),
  }),
  ({ type: _type, privateKey, ...rest }, context) =>
    cloudflareStreamIssuer({
      ...omitUndefined({ ...rest, now: context.now }),
      privateKey: () => context.readSecret(privateKey),
    }),
  { scheme: cloudflareStreamScheme, start: cloudflareStreamStart },
);
