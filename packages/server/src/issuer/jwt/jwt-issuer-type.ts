import * as v from 'valibot';
import { options } from '../config-fields.js';
import { issuerType } from '../issuer-type.js';
import { omitUndefined } from '../../http/omit-undefined.js';
import { signedJwtConfig } from '../signed-jwt-config.js';
import { jwtIssuer } from './jwt-issuer.js';
import { jwtStart } from './jwt-start.js';

export const jwtIssuerType = issuerType(
  options({ type: v.literal('jwt'), ...signedJwtConfig }),
  ({ type: _type, ...config }, { keys }) => jwtIssuer({ ...omitUndefined(config), keys }),
  { signsPlaylists: true, signsFor: 'playback', start: jwtStart },
);
