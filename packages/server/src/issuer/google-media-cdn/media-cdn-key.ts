import { readPrivateKeyPem } from '../../key/private-key-pem.js';
import { fromBase64, fromHex, toBase64, toHex, utf8 } from '../bytes.js';
import { hmacKey } from '../hmac.js';
import { importOnce } from '../secret.js';

/** Algorithms, as `allowedSignatureAlgorithms` of Media CDN names them. */
export type MediaCdnAlgorithm = 'ED25519' | 'HMAC_SHA_256' | 'HMAC_SHA1';

/** A key of a keyset. It writes signatures as Media CDN reads them, and verifies its own. */
export interface MediaCdnKey {
  /** Name of the field: `Signature`, for a shared key `hmac`. */
  readonly field: 'Signature' | 'hmac';
  sign(text: string): Promise<string>;
  verify(text: string, signature: string): Promise<boolean>;
}

const SEED_LENGTH = 32;
/** What precedes the 32 bytes of an Ed25519 key in PKCS#8 (RFC 8410 section 7). */
const PKCS8_HEAD = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/**
 * Imports a key.
 *
 * @param text - Ed25519: the 32 bytes of the private key in base64, or PEM. HMAC: the shared key in base64.
 * @throws TypeError for another text.
 */
export function mediaCdnKey(text: string, algorithm: MediaCdnAlgorithm): Promise<MediaCdnKey> {
  return importKey(`${algorithm} ${text.trim()}`);
}

const importKey = importOnce(async (algorithmAndText): Promise<MediaCdnKey> => {
  const at = algorithmAndText.indexOf(' ');
  const algorithm = algorithmAndText.slice(0, at);
  const text = algorithmAndText.slice(at + 1);
  return algorithm === 'ED25519'
    ? importEd25519(text)
    : importShared(text, algorithm === 'HMAC_SHA1' ? 'SHA-1' : 'SHA-256');
});

async function importShared(text: string, hash: 'SHA-1' | 'SHA-256'): Promise<MediaCdnKey> {
  const bytes = fromBase64(text);
  if (bytes === null || bytes.length === 0)
    throw new TypeError('The shared key of Media CDN must be base64.');
  const key = await hmacKey(bytes, hash);
  return {
    field: 'hmac',
    sign: async (signed) => toHex(await key.sign(signed)),
    verify: async (signed, signature) => {
      const mac = fromHex(signature);
      return mac !== null && key.verify(signed, mac);
    },
  };
}

async function importEd25519(text: string): Promise<MediaCdnKey> {
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8Of(text), 'Ed25519', true, ['sign']);
  const { kty, crv, x } = await crypto.subtle.exportKey('jwk', privateKey);
  const publicJwk = { kty, crv, x } as JsonWebKey;
  const publicKey = await crypto.subtle.importKey('jwk', publicJwk, 'Ed25519', false, ['verify']);
  return {
    field: 'Signature',
    sign: async (signed) =>
      toBase64Url(new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, utf8(signed)))),
    verify: async (signed, signature) => {
      // Both forms are in use: with padding and without.
      const bytes = /^[\w-]{86}(?:==)?$/.test(signature) ? fromBase64(signature) : null;
      return bytes !== null && crypto.subtle.verify('Ed25519', publicKey, bytes, utf8(signed));
    },
  };
}

function pkcs8Of(text: string): Uint8Array<ArrayBuffer> {
  const seed = text.includes('-----') ? null : fromBase64(text);
  if (seed?.length === SEED_LENGTH) return Uint8Array.from([...PKCS8_HEAD, ...seed]);
  const { pem, alg } = readPrivateKeyPem(text);
  if (alg !== 'EdDSA') throw new TypeError('Media CDN accepts Ed25519 keys only.');
  return fromBase64(pem.replace(/-----[^-]+-----|\s/g, '')) ?? new Uint8Array();
}

/** Base64url without padding, as Media CDN documents it. */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
