import { KeyObject, sign } from 'node:crypto';
import type { KeySet } from '../key/key-set.js';
import type { SigningKey } from '../key/signing-key.js';

/**
 * Returns the key set with keys that sign with `node:crypto`, on the calling thread.
 *
 * WebCrypto signs in a thread pool, and the transfer takes longer than an ES256 signature. With native signing one process
 * uses one core, so run one process per core.
 */
export function withNativeSigning(keySet: KeySet): KeySet {
  const native = new WeakMap<SigningKey, SigningKey>();
  return {
    get active() {
      const key = keySet.active;
      const known = native.get(key);
      if (known) return known;
      const made = nativeKey(key);
      native.set(key, made);
      return made;
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
  // JWS has ECDSA signatures as R and S (RFC 7518 section 3.4); OpenSSL writes DER by default.
  const signer = key.alg === 'ES256' ? { key: keyObject, dsaEncoding: 'ieee-p1363' as const } : keyObject;
  // Nearly all tokens of a key have the same header.
  let last = { header: '', encoded: '' };
  function signNow(header: string, payload: string): string {
    if (header !== last.header) last = { header, encoded: base64url(header) };
    const input = `${last.encoded}.${base64url(payload)}`;
    return `${input}.${sign(digest, Buffer.from(input, 'latin1'), signer).toString('base64url')}`;
  }
  return { ...key, signNow };
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

/** Later versions of Node may refuse to convert a key that is not extractable (DEP0204). WebCrypto then signs. */
function keyObjectOf(key: CryptoKey): KeyObject | null {
  try {
    return KeyObject.from(key);
  } catch {
    return null;
  }
}
