import { utf8 } from './bytes.js';

/** Hashes for which WebCrypto has an HMAC and a CDN's scheme has a name. */
export type HmacHash = 'SHA-256' | 'SHA-1';

/** Signs and verifies with one shared key. */
export interface HmacKey {
  sign(text: string): Promise<Uint8Array>;
  /** Compares in constant time. */
  verify(text: string, mac: Uint8Array<ArrayBuffer>): Promise<boolean>;
}

/** Imports a shared key (RFC 2104). */
export async function hmacKey(bytes: Uint8Array<ArrayBuffer>, hash: HmacHash): Promise<HmacKey> {
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash }, false, ['sign', 'verify']);
  return {
    sign: async (text) => new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(text))),
    verify: (text, mac) => crypto.subtle.verify('HMAC', key, mac, utf8(text)),
  };
}
