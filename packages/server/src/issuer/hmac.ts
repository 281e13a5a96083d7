import { hmac } from '@noble/hashes/hmac.js';
import { md5 } from '@noble/hashes/legacy.js';
import { utf8 } from './bytes.js';

/** Hashes that a CDN's scheme has a name for. WebCrypto does not have MD5. */
export type HmacHash = 'SHA-256' | 'SHA-1' | 'MD5';

/** Signs and verifies with one shared key. */
export interface HmacKey {
  sign(message: string | Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
  /** Compares in constant time. */
  verify(message: string | Uint8Array<ArrayBuffer>, mac: Uint8Array<ArrayBuffer>): Promise<boolean>;
}

/** Imports a shared key (RFC 2104). */
export async function hmacKey(bytes: Uint8Array<ArrayBuffer>, hash: HmacHash): Promise<HmacKey> {
  if (hash === 'MD5') return md5Key(bytes);
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash }, false, ['sign', 'verify']);
  return {
    sign: async (message) => new Uint8Array(await crypto.subtle.sign('HMAC', key, bytesOf(message))),
    verify: (message, mac) => crypto.subtle.verify('HMAC', key, mac, bytesOf(message)),
  };
}

function md5Key(bytes: Uint8Array): HmacKey {
  const sign = (message: string | Uint8Array<ArrayBuffer>) =>
    Promise.resolve(hmac(md5, bytes, bytesOf(message)));
  return {
    sign,
    async verify(message, mac) {
      const own = await sign(message);
      // Every byte is compared, so that the time does not depend on how many are right.
      const difference = own.reduce((bits, byte, at) => bits | (byte ^ (mac[at] ?? 0)), 0);
      return difference === 0 && mac.length === own.length;
    },
  };
}

function bytesOf(message: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return typeof message === 'string' ? utf8(message) : message;
}
