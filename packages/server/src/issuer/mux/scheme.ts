import { Problem } from '../../http/problem.js';
import type { SecretReference } from '../config-fields.js';
import type { TokenScheme } from '../issuer-type.js';
import { onlyValue, queryPairs } from '../request-fields.js';
import { missingToken, schemeReading, wrongAddress } from '../scheme-checks.js';
import { pathBeforeStream, pathOf } from '../stream-template.js';
import { jwtsIn, readVendorJwt, vendorKey, verifyVendorJwt } from '../vendor-jwt.js';
import { audiences, muxTokenTypes, type MuxTokenType } from './token-types.js';

const NAME = 'Mux';

/** What `verify` needs of the configuration. */
interface MuxKeyConfig {
  readonly keyId: string;
  readonly keySecret: SecretReference;
  readonly type: 'mux';
  readonly tokenType?: MuxTokenType | undefined;
  readonly url?: string | undefined;
}

/** Signed tokens of Mux, in the query field `token`. */
export const muxScheme: TokenScheme<MuxKeyConfig> = {
  inspect(text) {
    const tokens = jwtsIn(text);
    const read = readVendorJwt(tokens[0] ?? '');
    const type = muxTokenTypes.find((each) => audiences[each] === read?.claims.aud);
    // A JWT of another issuer may have the same audience. The claim `kid` is Mux' own.
    if (!read || type === undefined) return null;
    const { sub, aud, exp, nbf, iat, kid, ...params } = read.claims;
    if (typeof kid !== 'string') return null;
    return schemeReading(
      NAME,
      [
        ['sub (playback id)', sub],
        ['aud', `${String(aud)} (${type})`],
        ['kid', kid],
        ['iat', iat],
        ['nbf', nbf],
        ['exp', exp],
        ...Object.entries(params).map(([name, value]) => [name, JSON.stringify(value)] as const),
      ],
      exp,
      [
        ...(tokens.length > 1 ? ['The text has more than one JWT.'] : []),
        ...(sub === undefined ? ['The token names no playback id: the claim "sub" is missing.'] : []),
        ...(read.keyId === kid ? [] : ['The header "kid" and the claim "kid" differ.']),
      ],
    );
  },

  async verify(request, { keyId, keySecret, tokenType = 'video', url }, context, nowMs) {
    const token = onlyValue(queryPairs(request.url), 'token');
    if (token === undefined || token === '') throw missingToken(NAME);
    const keys = await vendorKey(keyId, await context.readSecret(keySecret));
    const { exp, sub, aud } = await verifyVendorJwt(token, keys, nowMs);
    if (aud !== audiences[tokenType])
      throw new Problem('token-wrong-audience', `The token is not for the type "${tokenType}".`);
    if (!opens(pathOf(request.url), pathBeforeStream(url), sub)) throw wrongAddress();
    return { expiresAt: exp };
  },
};

/** Is the playback id in its place: `/<id>.m3u8`, or the first segment of `/<id>/thumbnail.jpg`? */
function opens(path: string, before: string, playbackId: string | undefined): boolean {
  const start = before + encodeURIComponent(playbackId ?? '');
  return start !== before && path.startsWith(start) && /^[./]/.test(path.slice(start.length));
}
