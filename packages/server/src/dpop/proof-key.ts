import { calculateJwkThumbprint, importJWK, type JWK } from 'jose';

/** Signature algorithms of proofs. All are asymmetric. */
export type DpopAlgorithm = 'ES256' | 'ES384' | 'EdDSA' | 'RS256' | 'PS256';

/** The public key of a proof. */
export interface ProofKey {
  readonly key: CryptoKey;
  /** RFC 7638 thumbprint with SHA-256, base64url. */
  readonly jkt: string;
}

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const CURVES: Partial<Record<DpopAlgorithm, string>> = { ES256: 'P-256', ES384: 'P-384', EdDSA: 'Ed25519' };
/** Lengths of the modulus in base64url: 2,048 to 4,096 bits. A larger one only costs time. */
const [SHORTEST_MODULUS, LONGEST_MODULUS] = [342, 683];
const LONGEST_EXPONENT = 6;

/**
 * Reads the header `jwk` of a proof. `null` if it is not a public key for `alg`, contains a private or symmetric member, or
 * is an RSA key outside 2,048 to 4,096 bits.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.2
 */
export async function readProofKey(jwk: unknown, alg: DpopAlgorithm): Promise<ProofKey | null> {
  if (typeof jwk !== 'object' || jwk === null) return null;
  if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk, member))) return null;
  const publicJwk = publicMembers(jwk as Readonly<Record<string, unknown>>, alg);
  if (!publicJwk) return null;
  try {
    const key = await importJWK(publicJwk, alg);
    if (key instanceof Uint8Array || key.type !== 'public') return null;
    return { key, jkt: await calculateJwkThumbprint(publicJwk, 'sha256') };
  } catch {
    return null;
  }
}

/** Only the members that define the key: others, such as `x5u`, must have no effect. */
function publicMembers(jwk: Readonly<Record<string, unknown>>, alg: DpopAlgorithm): JWK | null {
  const { kty, crv, x, y, n, e } = jwk;
  if (alg === 'RS256' || alg === 'PS256') {
    if (kty !== 'RSA' || typeof n !== 'string' || typeof e !== 'string') return null;
    const isGood =
      n.length >= SHORTEST_MODULUS && n.length <= LONGEST_MODULUS && e.length <= LONGEST_EXPONENT;
    return isGood ? { kty, n, e } : null;
  }
  if (crv !== CURVES[alg] || typeof crv !== 'string' || typeof x !== 'string') return null;
  if (alg === 'EdDSA') return kty === 'OKP' ? { kty, crv, x } : null;
  return kty === 'EC' && typeof y === 'string' ? { kty, crv, x, y } : null;
}
