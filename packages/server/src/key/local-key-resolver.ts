import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import type { KeySet } from './key-set.js';

/** Finds public keys of a key set by `kid`, also after a rotation. */
export function localKeyResolver(keySet: KeySet): JWTVerifyGetKey {
  let known = keySet.keys;
  let resolve = createLocalJWKSet(keySet.jwks());
  return (header, token) => {
    if (keySet.keys !== known) {
      known = keySet.keys;
      resolve = createLocalJWKSet(keySet.jwks());
    }
    return resolve(header, token);
  };
}
