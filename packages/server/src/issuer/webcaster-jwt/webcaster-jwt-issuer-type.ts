import * as v from 'valibot';
import { omitUndefined } from '../../http/omit-undefined.js';
import { options, secret } from '../config-fields.js';
import { issuerType } from '../issuer-type.js';
import { vendorConfig, vendorContext } from '../nanocosmos/vendor-config.js';
import { webcasterJwtIssuer } from './webcaster-jwt-issuer.js';

export const webcasterJwtIssuerType = issuerType(
  options({
    type: v.literal('webcaster-jwt'),
    apiKey: secret,
    ingestUrl: v.pipe(v.string(), v.regex(/^rtmps?:\/\//, 'is not an rtmp:// or rtmps:// URL')),
    ...vendorConfig,
  }),
  ({ type: _type, apiKey, ...rest }, context) =>
    webcasterJwtIssuer({
      ...omitUndefined(rest),
      ...vendorContext(context),
      apiKey: () => context.readSecret(apiKey),
    }),
);
