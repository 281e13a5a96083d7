export type SigningAlgorithm = 'RS256' | 'ES256' | 'EdDSA';

const OID_RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const OID_EC = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const OID_P256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const OID_ED25519 = [0x2b, 0x65, 0x70];

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----\s*([A-Za-z0-9+/=\s]+?)\s*-----END \1-----/g;
const BASE64 = /^[A-Za-z0-9+/_=\s-]+$/;

/**
 * Reads a private key from PEM or base64-encoded PEM, and detects its algorithm.
 *
 * WebCrypto reads PKCS#8 only, so PKCS#1 (`RSA PRIVATE KEY`) and SEC 1 (`EC PRIVATE KEY`) are converted.
 *
 * @throws TypeError if the text contains no unencrypted private key, or several keys.
 */
export function readPrivateKeyPem(text: string): { pem: string; alg: SigningAlgorithm } {
  // Environment variables often contain line breaks as the two characters \n.
  const plain = text.replaceAll('\\n', '\n');
  const pem = plain.includes('-----BEGIN') ? plain : decodeBase64Text(plain);
  // A file can have other blocks: OpenSSL writes EC parameters before the key, and a certificate can follow it.
  const keys = Array.from(pem.matchAll(PEM)).filter(([, label]) => label?.endsWith('PRIVATE KEY'));
  if (keys.length > 1)
    throw new TypeError(
      `The text contains ${String(keys.length)} private keys, as a directory read with "cat *.pem" does. Provide the one that signs.`,
    );
  for (const [, label, body] of keys) {
    if (body === undefined) continue;
    if (label === 'ENCRYPTED PRIVATE KEY')
      throw new TypeError('The private key is encrypted. Decrypt it first.');
    const der = decodeBase64(body);
    if (label === 'RSA PRIVATE KEY') return { pem: toPem(wrap(rsaIdentifier(), der)), alg: 'RS256' };
    if (label === 'EC PRIVATE KEY') return { pem: toPem(wrap(p256Identifier(der), der)), alg: 'ES256' };
    if (label === 'PRIVATE KEY') return { pem: toPem(der), alg: algorithmOfPkcs8(der) };
  }
  throw new TypeError(
    'The text contains no private key. Provide a PEM block "BEGIN PRIVATE KEY", "BEGIN RSA PRIVATE KEY" or "BEGIN EC PRIVATE KEY".',
  );
}

function algorithmOfPkcs8(der: Uint8Array): SigningAlgorithm {
  // The identifier is at the start; the key bytes after it could contain any pattern.
  const head = der.subarray(0, 40);
  if (includes(head, OID_RSA)) return 'RS256';
  if (includes(head, OID_EC) && includes(head, OID_P256)) return 'ES256';
  if (includes(head, OID_ED25519)) return 'EdDSA';
  throw new TypeError('The private key is not an RSA, P-256 or Ed25519 key.');
}

function rsaIdentifier(): number[] {
  return tagged(0x30, [...tagged(0x06, OID_RSA), 0x05, 0x00]);
}

function p256Identifier(der: Uint8Array): number[] {
  if (!includes(der, OID_P256))
    throw new TypeError('The EC key is not on curve P-256, which ES256 requires.');
  return tagged(0x30, [...tagged(0x06, OID_EC), ...tagged(0x06, OID_P256)]);
}

/** Wraps an algorithm-specific private key in PrivateKeyInfo (RFC 5208 section 5). */
function wrap(identifier: readonly number[], key: Uint8Array): Uint8Array {
  return Uint8Array.from(tagged(0x30, [0x02, 0x01, 0x00, ...identifier, ...tagged(0x04, [...key])]));
}

/** One DER element: tag, length, content. */
function tagged(tag: number, content: readonly number[]): number[] {
  const { length } = content;
  if (length < 0x80) return [tag, length, ...content];
  if (length < 0x100) return [tag, 0x81, length, ...content];
  return [tag, 0x82, length >> 8, length & 0xff, ...content];
}

function includes(bytes: Uint8Array, pattern: readonly number[]): boolean {
  return bytes.some((_, start) => pattern.every((byte, offset) => bytes[start + offset] === byte));
}

function toPem(der: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...der)).replace(/.{64}/g, '$&\n');
  return `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----`;
}

function decodeBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text.replace(/\s/g, '')), (character) => character.charCodeAt(0));
  } catch {
    throw new TypeError('The private key PEM is not valid base64.');
  }
}

function decodeBase64Text(text: string): string {
  if (!BASE64.test(text)) throw new TypeError('The signing key is not PEM, base64-encoded PEM or a JWK.');
  return String.fromCharCode(...decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/')));
}
