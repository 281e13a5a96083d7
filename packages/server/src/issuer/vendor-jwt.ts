import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose';
import { Problem } from '../http/problem.js';
import { isCompactJwt } from '../key/compact-jwt.js';
import { createKeySet, type KeySet } from '../key/key-set.js';
import { localKeyResolver } from '../key/local-key-resolver.js';
import { importSigningKey } from '../key/signing-key.js';
import { checkTokenTimes, wrongSignature } from './scheme-checks.js';
import { importOnce } from './secret.js';

/** A JWT that a vendor verifies with the public half of the operator's signing key. */
export interface VendorJwt {
  readonly keyId: string | undefined;
  readonly claims: JWTPayload;
}

/** Imports the RSA key with which a vendor lets its customers sign JWTs (RS256). */
export function vendorKey(keyId: string, material: string): Promise<KeySet> {
  return importKey(`${keyId} ${material}`);
}

const importKey = importOnce(async (idAndMaterial): Promise<KeySet> => {
  const at = idAndMaterial.indexOf(' ');
  const key = await importSigningKey(idAndMaterial.slice(at + 1), {
    kid: idAndMaterial.slice(0, at),
    alg: 'RS256',
  });
  return createKeySet([key]);
});

/** @throws TypeError unless the text is an id that a vendor gives to a key. */
export function checkKeyId(keyId: string): void {
  if (!/^[\w-]+$/.test(keyId))
    throw new TypeError(
      'The option keyId must be the id of a signing key: letters, digits, hyphens and underscores.',
    );
}

/** Can the text be a JWT? A file name with two dots cannot. */
export function isJwt(text: string): boolean {
  return text.startsWith('eyJ') && isCompactJwt(text);
}

/** The JWTs in a text: an address, a query, a header value or a JWT alone. Takes linear time. */
export function jwtsIn(text: string): string[] {
  return text.length > 65_536 ? [] : text.split(/[^\w.-]+/).filter(isJwt);
}

/**
 * Reads a JWT that is signed with RS256, without verifying it. The key id is the header `kid`, or else the claim.
 *
 * @returns `null` for other texts and algorithms.
 */
export function readVendorJwt(token: string): VendorJwt | null {
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    const claims = decodeJwt(token);
    if (alg !== 'RS256') return null;
    const named = kid ?? claims['kid'];
    return { keyId: typeof named === 'string' ? named : undefined, claims };
  } catch {
    return null;
  }
}

/**
 * Verifies signature, key id and times.
 *
 * @returns the claims, with `exp`.
 * @throws Problem `token-invalid`, `token-expired`, `token-not-yet-valid`
 */
export async function verifyVendorJwt(
  token: string,
  keys: KeySet,
  nowMs: number,
): Promise<JWTPayload & { readonly exp: number }> {
  const { claims, kid } = await verifySignature(token, keys);
  const ids = [kid, claims['kid']].filter((id) => id !== undefined);
  if (ids.length === 0 || ids.some((id) => id !== keys.active.kid)) throw wrongSignature();
  const { exp, nbf } = claims;
  if (exp === undefined) throw new Problem('token-invalid', 'The token has no claim "exp".');
  checkTokenTimes({ startsAt: nbf, expiresAt: exp }, nowMs);
  return { ...claims, exp };
}

async function verifySignature(
  token: string,
  keys: KeySet,
): Promise<{ claims: JWTPayload; kid: string | undefined }> {
  try {
    // The times are checked afterwards, so that each fault has a code of its own.
    const { payload, protectedHeader } = await jwtVerify(token, localKeyResolver(keys), {
      algorithms: ['RS256'],
      currentDate: new Date(0),
    });
    return { claims: payload, kid: protectedHeader.kid };
  } catch (error) {
    if (error instanceof errors.JWTClaimValidationFailed)
      return { claims: error.payload, kid: decodeProtectedHeader(token).kid };
    if (error instanceof errors.JOSEError) throw wrongSignature();
    throw error;
  }
}
