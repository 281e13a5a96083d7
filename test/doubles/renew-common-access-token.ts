import { CLAIM, RENEWAL, RENEWAL_TYPE } from '../../packages/server/src/issuer/common-access-token/claims.js';
import { catKey } from '../../packages/server/src/issuer/common-access-token/common-access-token-issuer.js';
import { readCwt, writeCwt } from '../../packages/server/src/issuer/common-access-token/cwt.js';
import type { CborValue } from '../../packages/server/src/issuer/common-access-token/cbor.js';

/** Where a CDN puts a renewed token: a field of the response, or of the address to which it redirects. */
export interface RenewedToken {
  readonly token: string;
  readonly type: keyof typeof RENEWAL_TYPE;
  /** Name of the response header, or of the cookie. */
  readonly name: string;
  /** Attributes of the cookie, or parameters of the header. */
  readonly params: readonly string[];
  /** Status of a redirect. */
  readonly status: number;
}

/**
 * Renews a token as its `catr` says, as a CDN does: with the same claims, and an end `expadd` seconds from now.
 *
 * @param key - hexadecimal digits.
 * @returns `null` if the token has no `catr`, or its `deadline` has not come.
 */
export async function renewCommonAccessToken(
  token: string,
  key: string,
  nowSeconds: number,
): Promise<RenewedToken | null> {
  const read = readCwt(token);
  const renewal = read?.claims.get(CLAIM.catr);
  const end = read?.claims.get(CLAIM.exp);
  if (!read || !(renewal instanceof Map) || typeof end !== 'number') return null;
  const memberOf = (label: number) => (renewal as ReadonlyMap<CborValue, CborValue>).get(label);
  const deadline = memberOf(RENEWAL.deadline);
  if (nowSeconds < end - (typeof deadline === 'number' ? deadline : 60) || nowSeconds >= end) return null;
  const claims = new Map(read.claims)
    .set(CLAIM.exp, nowSeconds + Number(memberOf(RENEWAL.expadd)))
    .set(CLAIM.iat, nowSeconds)
    .set(CLAIM.cti, crypto.getRandomValues(new Uint8Array(16)));
  const type = Object.entries(RENEWAL_TYPE).find(([, label]) => label === memberOf(RENEWAL.type))?.[0];
  const isCookie = type === 'cookie';
  const name = memberOf(isCookie ? RENEWAL.cookieName : RENEWAL.headerName);
  const params = memberOf(isCookie ? RENEWAL.cookieParams : RENEWAL.headerParams);
  const code = memberOf(RENEWAL.code);
  return {
    token: await writeCwt(claims, await catKey(key), read.keyId ?? ''),
    type: (type ?? 'automatic') as keyof typeof RENEWAL_TYPE,
    name: typeof name === 'string' ? name : 'CTA-Common-Access-Token',
    params: Array.isArray(params) ? params.map(String) : [],
    status: typeof code === 'number' ? code : 302,
  };
}
