import type { JSONWebKeySet } from 'jose';
import type { SigningKey } from './signing-key.js';

/** Several signing keys of which one signs: the others stay published until their last token has ended. */
export interface KeySet {
  /** The key that signs new tokens. */
  readonly active: SigningKey;
  readonly keys: readonly SigningKey[];
  /** The public halves, active key first. */
  jwks(): JSONWebKeySet;
}

/**
 * Groups signing keys for rotation without downtime: publish the new key, make it active once caches have it, drop the
 * old one when its tokens have ended.
 *
 * @param active - `kid` of the key that signs. @defaultValue the first
 * @throws TypeError when there is no key, two share a `kid`, or `active` is none of them.
 */
export function createKeySet(keys: readonly SigningKey[], active = keys[0]?.kid): KeySet {
  const signing = keys.find((key) => key.kid === active);
  if (!signing) {
    throw new TypeError(
      keys.length === 0 ? 'A key set needs a key.' : `No key has the active kid "${String(active)}".`,
    );
  }
  const kids = new Set(keys.map((key) => key.kid));
  if (kids.size !== keys.length) throw new TypeError('Two keys of the set share one kid.');
  const others = keys.filter((key) => key !== signing);
  return {
    active: signing,
    keys: [signing, ...others],
    jwks: () => ({ keys: [signing, ...others].map((key) => key.publicJwk) }),
  };
}
