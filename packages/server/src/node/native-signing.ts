import { KeyObject, sign } from 'node:crypto';
import type { KeySet } from '../key/key-set.js';
import type { SigningKey } from '../key/signing-key.js';

/**
 * The same key set, signing by `node:crypto` on the calling thread.
 *
 * WebCrypto hands each signature to a pool of threads and back, which costs more than an ES256 signature itself. One
 * process then uses one core: run as many as there are cores.
 */
export function withNativeSigning(keySet: KeySet): KeySet {
  const native = new WeakMap<SigningKey, SigningKey>();
  return {
    get active() {
      const key = keySet.active;
      const known = native.get(key) ?? nativeKey(key);
      native.set(key, known);
      return known;
    },
    get keys() {
      return keySet.keys;
    },
    jwks: () => keySet.jwks(),
  };
}

function nativeKey(key: SigningKey): SigningKey {
  const keyObject = keyObjectOf(key.privateKey);
  if (!keyObject) return key;
  const digest = key.alg === 'EdDSA' ? null : 'sha256';
  // JWS writes an ECDSA signature as its two numbers (RFC 7518 section 3.4), OpenSSL as DER.
  return { ...key, signNow: (data) => sign(digest, data, { key: keyObject, dsaEncoding: 'ieee-p1363' }) };
}

/** Newer runtimes are about to keep a key that is not extractable to WebCrypto (DEP0204); it then signs as before. */
function keyObjectOf(key: CryptoKey): KeyObject | null {
  try {
    return KeyObject.from(key);
  } catch {
    return null;
  }
}
