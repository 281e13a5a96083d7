import type { JSONWebKeySet } from 'jose';
import type { SigningKey } from './signing-key.js';

/** Signing keys, one of which is active. The others stay in the JWKS until the tokens that they signed have expired. */
export interface KeySet {
  /** The key that signs new tokens. */
  readonly active: SigningKey;
  /** All keys, the active key first. */
  readonly keys: readonly SigningKey[];
  /** The public keys as a JWK Set (RFC 7517), the active key first. */
  jwks(): JSONWebKeySet;
}

/**
 * Groups signing keys for rotation without downtime: publish the new key, make it active when caches have it, and remove
 * the old key when its tokens have expired.
 *
 * @param active - `kid` of the key that signs; by default the first key.
 * @throws TypeError if there is no key, two keys have the same `kid`, or no key has the `kid` `active`.
 */
export function createKeySet(keys: readonly SigningKey[], active = keys[0]?.kid): KeySet {
  const signing = keys.find((key) => key.kid === active);
  if (!signing) {
    throw new TypeError(
      keys.length === 0
        ? 'createKeySet needs at least one key.'
        : `No key has the active kid "${String(active)}".`,
    );
  }
  const kids = new Set(keys.map((key) => key.kid));
  if (kids.size !== keys.length) throw new TypeError('Two keys of the set have the same kid.');
  const others = keys.filter((key) => key !== signing);
  return {
    active: signing,
    keys: [signing, ...others],
    jwks: () => ({ keys: [signing, ...others].map((key) => key.publicJwk) }),
  };
}
