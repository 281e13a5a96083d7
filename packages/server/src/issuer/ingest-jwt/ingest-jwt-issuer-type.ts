import * as v from 'valibot';
import { omitUndefined } from '../../http/omit-undefined.js';
import { options } from '../config-fields.js';
import { issuerType } from '../issuer-type.js';
import { signedJwtConfig } from '../signed-jwt-config.js';
import { ingestJwtIssuer } from './ingest-jwt-issuer.js';

export const ingestJwtIssuerType = issuerType(
  options({
    type: v.literal('ingest-jwt'),
    ...signedJwtConfig,
    ingestUrl: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^(?:rtmps?|https?):\/\//, 'is not an ingest URL (rtmp://, rtmps://, http:// or https://)'),
      ),
    ),
  }),
  ({ type: _type, ...config }, { keys }) => ingestJwtIssuer({ ...omitUndefined(config), keys }),
  { signsFor: 'ingest' },
);
