import { hmac } from '@noble/hashes/hmac.js';
import { md5 } from '@noble/hashes/legacy.js';
import { utf8 } from './bytes.js';

/** Hashes that a CDN's scheme has a name for. WebCrypto does not have MD5. */
export type HmacHash = 'SHA-256' | 'SHA-1' | 'MD5';

/** Signs and verifies with one shared key. */
export interface HmacKey {
  sign(text: string): Promise<Uint8Array>;
  /** Compares in constant time. */
  verify(text: string, mac: Uint8Array<ArrayBuffer>): Promise<boolean>;
}

/** Imports a shared key (RFC 2104). */
export async function hmacKey(bytes: Uint8Array<ArrayBuffer>, hash: HmacHash): Promise<HmacKey> {
  if (hash === 'MD5') return md5Key(bytes);
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash }, false, ['sign', 'verify']);
  return {
    sign: async (text) => new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(text))),
    verify: (text, mac) => crypto.subtle.verify('HMAC', key, mac, utf8(text)),
  };
}

function md5Key(bytes: Uint8Array): HmacKey {
  const sign = (text: string) => Promise.resolve(hmac(md5, bytes, utf8(text)));
  return {
    sign,
    async verify(text, mac) {
      const own = await sign(text);
      // Every byte is compared, so that the time does not depend on how many are right.
      const difference = own.reduce((bits, byte, at) => bits | (byte ^ (mac[at] ?? 0)), 0);
      return difference === 0 && mac.length === own.length;
    },
  };
}
