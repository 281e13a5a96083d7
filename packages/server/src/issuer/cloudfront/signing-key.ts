import { readPrivateKeyPem } from '../../key/private-key-pem.js';
import { fromBase64, utf8 } from '../bytes.js';
import { importOnce } from '../secret.js';

/** Hash of the signature. CloudFront takes SHA-1 unless the request has `Hash-Algorithm=SHA256`. */
export type HashAlgorithm = 'SHA1' | 'SHA256';

/** A key of a trusted key group: it signs, and verifies its own signatures. */
export interface CloudFrontKey {
  sign(text: string): Promise<Uint8Array>;
  verify(text: string, signature: Uint8Array<ArrayBuffer>): Promise<boolean>;
}

const HALF = 32;

/**
 * Imports the private key of a CloudFront key pair: RSA or ECDSA with P-256, in PEM.
 *
 * @throws TypeError for another key.
 */
export function cloudFrontKey(pem: string, hash: HashAlgorithm): Promise<CloudFrontKey> {
  return importKey(`${hash} ${pem}`);
}

const importKey = importOnce(async (hashAndPem): Promise<CloudFrontKey> => {
  const at = hashAndPem.indexOf(' ');
  const hash = hashAndPem.slice(0, at) === 'SHA256' ? 'SHA-256' : 'SHA-1';
  const { pem, alg } = readPrivateKeyPem(hashAndPem.slice(at + 1));
  if (alg === 'EdDSA')
    throw new TypeError(
      'CloudFront does not accept Ed25519 keys. Use an RSA key with 2,048 bits or a P-256 key.',
    );
  const der = fromBase64(pem.replace(/-----[^-]+-----|\s/g, '')) ?? new Uint8Array();
  const isRsa = alg === 'RS256';
  const imported = isRsa ? { name: 'RSASSA-PKCS1-v1_5', hash } : { name: 'ECDSA', namedCurve: 'P-256' };
  const used = { name: imported.name, hash };
  const privateKey = await crypto.subtle.importKey('pkcs8', der, imported, true, ['sign']);
  const publicKey = await publicKeyOf(privateKey, imported);
  return {
    async sign(text) {
      const signature = new Uint8Array(await crypto.subtle.sign(used, privateKey, utf8(text)));
      return isRsa ? signature : toDer(signature);
    },
    async verify(text, signature) {
      const plain = isRsa ? signature : fromDer(signature);
      return plain !== null && crypto.subtle.verify(used, publicKey, plain, utf8(text));
    },
  };
});

async function publicKeyOf(
  privateKey: CryptoKey,
  algorithm: { name: string; hash?: string; namedCurve?: string },
): Promise<CryptoKey> {
  const { kty, n, e, crv, x, y } = await crypto.subtle.exportKey('jwk', privateKey);
  const jwk = n !== undefined && e !== undefined ? { kty, n, e } : { kty, crv, x, y };
  return crypto.subtle.importKey('jwk', jwk as JsonWebKey, algorithm, false, ['verify']);
}

/** WebCrypto writes the two numbers of an ECDSA signature side by side, CloudFront reads DER (RFC 3279 section 2.2.3). */
function toDer(signature: Uint8Array): Uint8Array {
  const numbers = [signature.subarray(0, HALF), signature.subarray(HALF)].flatMap((bytes) => {
    const significant = [...bytes.subarray(bytes.findIndex((byte) => byte !== 0))];
    // A leading zero, because a set first bit would mean a negative number.
    const content = (significant[0] ?? 0) > 0x7f ? [0, ...significant] : significant;
    return [0x02, content.length, ...content];
  });
  return Uint8Array.from([0x30, numbers.length, ...numbers]);
}

/** The two numbers side by side; `null` for another form, so that one signature has one text only. */
function fromDer(der: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const plain = new Uint8Array(2 * HALF);
  let at = 2;
  for (const end of [HALF, 2 * HALF]) {
    const length = der[at + 1] ?? 0;
    const number = der.subarray(at + 2, at + 2 + length);
    const significant = number[0] === 0 ? number.subarray(1) : number;
    if (significant.length > HALF) return null;
    plain.set(significant, end - significant.length);
    at += 2 + length;
  }
  const canonical = toDer(plain);
  return canonical.length === der.length && canonical.every((byte, index) => byte === der[index])
    ? plain
    : null;
}
