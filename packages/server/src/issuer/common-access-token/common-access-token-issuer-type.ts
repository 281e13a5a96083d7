import * as v from 'valibot';
import { omitUndefined } from '../../http/omit-undefined.js';
import { options, positive, seconds, secret, text } from '../config-fields.js';
import { issuerType } from '../issuer-type.js';
import { mediaCookieConfig } from '../media-cookie.js';
import { commonAccessTokenIssuer } from './common-access-token-issuer.js';
import { commonAccessTokenScheme } from './scheme.js';
import { commonAccessTokenStart } from './common-access-token-start.js';

export const commonAccessTokenIssuerType = issuerType(
  options({
    type: v.literal('common-access-token'),
    key: secret,
    keyId: text,
    issuer: v.optional(text),
    audience: v.optional(v.union([text, v.array(text)])),
    path: text,
    host: v.optional(text),
    url: v.optional(text),
    placement: v.optional(v.picklist(['header', 'query', 'cookie', 'url'])),
    tokenName: v.optional(text),
    cookie: v.optional(mediaCookieConfig),
    renewal: v.optional(
      options({
        type: v.picklist(['automatic', 'cookie', 'header', 'redirect']),
        expadd: positive,
        deadline: v.optional(positive),
        cookieName: v.optional(text),
        headerName: v.optional(text),
        cookieParams: v.optional(v.array(text)),
        headerParams: v.optional(v.array(text)),
        code: v.optional(positive),
      }),
    ),
    methods: v.optional(v.array(text)),
    countries: v.optional(v.array(text)),
    alpn: v.optional(v.array(text)),
    replay: v.optional(v.picklist([0, 1, 2])),
    ttlSeconds: v.optional(seconds),
  }),
  ({ type: _type, key, keyId, path, cookie, ...rest }, context) =>
    commonAccessTokenIssuer({
      keyId,
      path,
      ...omitUndefined({ ...rest, now: context.now }),
      ...(cookie && { cookie: omitUndefined(cookie) }),
      key: () => context.readSecret(key),
    }),
  { scheme: commonAccessTokenScheme, start: commonAccessTokenStart },
);
