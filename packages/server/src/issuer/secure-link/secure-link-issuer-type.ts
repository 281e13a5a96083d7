import * as v from 'valibot';
import { omitUndefined } from '../../http/omit-undefined.js';
import { options, seconds, secret, text } from '../config-fields.js';
import { issuerType } from '../issuer-type.js';
import { secureLinkScheme } from './scheme.js';
import { secureLinkIssuer } from './secure-link-issuer.js';
import { secureLinkStart } from './secure-link-start.js';

export const secureLinkIssuerType = issuerType(
  options({
    type: v.literal('secure-link'),
    preset: v.picklist(['nginx', 'wowza', 'flussonic', 'nimble']),
    secret,
    path: text,
    url: v.optional(text),
    expression: v.optional(text),
    hashArgument: v.optional(text),
    expiresArgument: v.optional(text),
    algorithm: v.optional(v.picklist(['SHA-256', 'SHA-384', 'SHA-512'])),
    prefix: v.optional(text),
    parameters: v.optional(v.record(text, text)),
    startTime: v.optional(v.boolean()),
    clientIp: v.optional(v.boolean()),
    ttlSeconds: v.optional(seconds),
  }),
  ({ type: _type, secret: reference, preset, path, ...rest }, context) =>
    secureLinkIssuer({
      preset,
      path,
      ...omitUndefined({ ...rest, now: context.now }),
      secret: () => context.readSecret(reference),
    }),
  { scheme: secureLinkScheme, start: secureLinkStart },
);
