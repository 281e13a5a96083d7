import * as v from 'valibot';
import { omitUndefined } from '../../http/omit-undefined.js';
import { options, secret, text } from '../config-fields.js';
import { issuerType } from '../issuer-type.js';
import { restrictionsConfig, vendorConfig, vendorContext } from '../nanocosmos/vendor-config.js';
import { stsSecurityIssuer } from './sts-security-issuer.js';
import { stsSecurityStart } from './sts-security-start.js';

export const stsSecurityIssuerType = issuerType(
  options({
    type: v.literal('sts-security'),
    apiKey: secret,
    orga: v.optional(text),
    restrictions: restrictionsConfig,
    ...vendorConfig,
  }),
  ({ type: _type, apiKey, restrictions, ...rest }, context) =>
    stsSecurityIssuer({
      ...omitUndefined(rest),
      ...vendorContext(context),
      restrictions: omitUndefined(restrictions ?? {}),
      apiKey: () => context.readSecret(apiKey),
    }),
  { start: stsSecurityStart },
);
