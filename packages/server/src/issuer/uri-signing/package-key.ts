import { importJWK, type CryptoKey as JoseKey } from 'jose';
import { importOnce } from '../secret.js';

/** A key of URI Signing, for both directions. */
export interface PackageKey {
  readonly kid: string;
  readonly alg: string;
  readonly sign: JoseKey | Uint8Array;
  readonly verify: JoseKey | Uint8Array;
}

/**
 * Reads a JWK with `kid` and `alg`, which Traffic Server requires: `HS256` with a shared key of at least 32 bytes, or `ES256`
 * with a private key.
 *
 * @throws TypeError for another text. The message contains nothing of it.
 */
export const packageKey = importOnce(async (text): Promise<PackageKey> => {
  const { kid, alg, kty, k, crv, x, y, d } = readObject(text);
  const isShared = alg === 'HS256' && kty === 'oct' && typeof k === 'string' && /^[\w-]{43,}$/.test(k);
  const isPrivate = alg === 'ES256' && kty === 'EC' && typeof d === 'string';
  if (typeof kid !== 'string' || kid === '' || !(isShared || isPrivate)) throw notAKey();
  try {
    if (isShared) {
      const key = await importJWK({ kty, k }, alg);
      return { kid, alg, sign: key, verify: key };
    }
    const open = { kty: 'EC', crv: String(crv), x: String(x), y: String(y) };
    return {
      kid,
      alg: 'ES256',
      sign: await importJWK({ ...open, d: String(d) }, 'ES256'),
      verify: await importJWK(open, 'ES256'),
    };
  } catch {
    throw notAKey();
  }
});

function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    throw notAKey();
  }
}

function notAKey(): TypeError {
  return new TypeError(
    'The key of URI Signing must be a JWK with kid and alg: HS256 with at least 32 bytes, or a private key for ES256.',
  );
}
