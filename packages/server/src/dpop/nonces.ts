import type { OptionNames } from '../http/require-known-options.js';
import { base64url } from 'jose';

export interface DpopNonceOptions {
  /**
   * Secret of at least 32 bytes from which nonces are made. All instances of a service need the same one.
   *
   * @defaultValue a random secret of this process
   */
  readonly secret?: string | Uint8Array;
  /** Time after which a new nonce is made, in seconds. A nonce is accepted for up to twice this time. @defaultValue 300 */
  readonly lifetimeSeconds?: number;
}

export const dpopNonceOptionNames: OptionNames<DpopNonceOptions> = {
  secret: true,
  lifetimeSeconds: true,
};

/** Makes and checks nonces without a store. */
export interface DpopNonces {
  current(): Promise<string>;
  isValid(nonce: string): Promise<boolean>;
}

const SHORTEST_SECRET = 32;

/**
 * Nonces are an HMAC of the time, so that every instance with the secret can check them.
 *
 * @throws TypeError if the secret is shorter than 32 bytes or `lifetimeSeconds` is not a whole number above 0.
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-8
 */
export function createDpopNonces(options: DpopNonceOptions, now: () => number): DpopNonces {
  const { secret = crypto.getRandomValues(new Uint8Array(SHORTEST_SECRET)), lifetimeSeconds = 300 } = options;
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret;
  if (bytes.length < SHORTEST_SECRET)
    throw new TypeError('The secret of DPoP nonces must have at least 32 bytes.');
  if (!Number.isInteger(lifetimeSeconds) || lifetimeSeconds < 1)
    throw new TypeError('lifetimeSeconds of DPoP nonces must be a whole number above 0.');
  const key = crypto.subtle.importKey(
    'raw',
    Uint8Array.from(bytes),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  const made = new Map<number, Promise<string>>();

  async function make(slot: number): Promise<string> {
    const input = new TextEncoder().encode(`gatecast-dpop-nonce ${String(slot)}`);
    return base64url.encode(
      new Uint8Array(await crypto.subtle.sign('HMAC', await key, input)).subarray(0, 18),
    );
  }

  function nonceOf(slot: number): Promise<string> {
    const known = made.get(slot);
    if (known) return known;
    if (made.size > 2) made.clear();
    const nonce = make(slot);
    made.set(slot, nonce);
    return nonce;
  }

  const slotNow = (): number => Math.floor(now() / 1000 / lifetimeSeconds);
  return {
    current: () => nonceOf(slotNow()),
    async isValid(nonce) {
      // A nonce is public, so the comparison does not need constant time.
      return nonce === (await nonceOf(slotNow())) || nonce === (await nonceOf(slotNow() - 1));
    },
  };
}
