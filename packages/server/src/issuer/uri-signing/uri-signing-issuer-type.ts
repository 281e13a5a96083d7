import * as v from 'valibot';
import { omitUndefined } from '../../http/omit-undefined.js';
import { options, seconds, secret, text } from '../config-fields.js';
import { issuerType } from '../issuer-type.js';
import { uriSigningScheme } from './scheme.js';
import { uriSigningIssuer } from './uri-signing-issuer.js';
import { uriSigningStart } from './uri-signing-start.js';

export const uriSigningIssuerType = issuerType(
  options({
    type: v.literal('uri-signing'),
    key: secret,
    issuer: text,
    audience: v.optional(v.union([text, v.array(text)])),
    path: text,
    url: text,
    renewalSeconds: v.optional(seconds),
    ttlSeconds: v.optional(seconds),
  }),
  ({ type: _type, key, issuer, path, url, ...rest }, context) =>
    uriSigningIssuer({
      issuer,
      path,
      url,
      ...omitUndefined({ ...rest, now: context.now }),
      key: () => context.readSecret(key),
    }),
  { scheme: uriSigningScheme, start: uriSigningStart },
);
