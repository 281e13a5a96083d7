import { SignJWT } from 'jose';
import type { KeySet } from './key-set.js';

/**
 * Signs claims with the active key and returns the compact JWT. The header has `alg`, `kid` and `typ` in this order, as
 * PyJWT and golang-jwt write it, and the payload keeps the order of `claims`.
 *
 * @param claims - payload; times are NumericDate seconds. They are not checked.
 * @param typ - header `typ`; `null` for a header without it.
 * @see https://www.rfc-editor.org/rfc/rfc7515
 */
export async function signClaims(
  keys: KeySet,
  claims: Readonly<Record<string, unknown>>,
  typ: string | null = 'JWT',
): Promise<string> {
  const { alg, kid, privateKey, signNow } = keys.active;
  const header = typ === null ? { alg, kid } : { alg, kid, typ };
  if (signNow) return signNow(JSON.stringify(header), JSON.stringify(claims));
  return new SignJWT({ ...claims }).setProtectedHeader(header).sign(privateKey);
}
