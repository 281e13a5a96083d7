import * as v from 'valibot';
import { omitUndefined } from '../../http/omit-undefined.js';
import { options, secret, text } from '../config-fields.js';
import { issuerType } from '../issuer-type.js';
import { restrictionsConfig, vendorConfig, vendorContext } from '../nanocosmos/vendor-config.js';
import { playbackJwtIssuer } from './playback-jwt-issuer.js';
import { playbackJwtStart } from './playback-jwt-start.js';

export const playbackJwtIssuerType = issuerType(
  options({
    type: v.literal('playback-jwt'),
    apiKey: v.optional(secret),
    bintuToken: v.optional(secret),
    groupid: v.optional(text),
    orgawide: v.optional(v.literal(true)),
    bindUser: v.optional(v.boolean()),
    revocable: v.optional(v.boolean()),
    forceDisconnect: v.optional(v.boolean()),
    cust: v.optional(text),
    answerAs: v.optional(v.picklist(['security', 'token'])),
    restrictions: restrictionsConfig,
    ...vendorConfig,
  }),
  ({ type: _type, apiKey, bintuToken, groupid, orgawide, restrictions, ...rest }, context) => {
    const target = targetOf(groupid, orgawide);
    return playbackJwtIssuer({
      ...omitUndefined(rest),
      ...vendorContext(context),
      restrictions: omitUndefined(restrictions ?? {}),
      ...(apiKey && { apiKey: () => context.readSecret(apiKey) }),
      ...(bintuToken && { bintuToken: () => context.readSecret(bintuToken) }),
      ...(target && { target: () => target }),
    });
  },
  { start: playbackJwtStart },
);

function targetOf(groupid: string | undefined, orgawide: true | undefined) {
  if (groupid !== undefined && orgawide)
    throw new TypeError('The options groupid and orgawide exclude each other. Set one of them.');
  if (groupid !== undefined) return { groupid };
  return orgawide ? { orgawide } : null;
}
