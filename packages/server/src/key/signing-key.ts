import {
  calculateJwkThumbprint,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importJWK,
  importPKCS8,
  jwtVerify,
  SignJWT,
  type JWK,
} from 'jose';
import { readPrivateKeyPem, type SigningAlgorithm } from './private-key-pem.js';
import { requireKnownOptions } from '../http/require-known-options.js';

export type { SigningAlgorithm } from './private-key-pem.js';

/** A private key and its public key. */
export interface SigningKey {
  /** Key id, as in the JWT header and the JWKS. */
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** Not extractable. */
  readonly privateKey: CryptoKey;
  /** Public JWK with `kid`, `alg` and `use`. */
  readonly publicJwk: JWK;
  /**
   * Signs synchronously instead of with WebCrypto: returns the compact JWS (RFC 7515 section 7.1) of the JSON texts of header
   * and payload. Set by `withNativeSigning` of `@gatecast/server/node`.
   */
  readonly signNow?: (header: string, payload: string) => string;
}

export interface ImportKeyOptions {
  /** Key id at the origin. @defaultValue `kid` of the JWK, else the RFC 7638 thumbprint */
  kid?: string | undefined;
  /** Expected algorithm. @defaultValue `RS256` for RSA, `ES256` for P-256, `EdDSA` for Ed25519 keys */
  alg?: SigningAlgorithm | undefined;
}

/**
 * Imports a private key: PEM (PKCS#8, PKCS#1, SEC 1), a JWK as object or JSON text, or one of these texts in base64.
 *
 * @throws TypeError if the key has another form, is shorter than 2048 bits (RSA), or is not for `alg`. Messages never
 *   contain the key.
 * @example
 * ```ts
 * const key = await importSigningKey(process.env.SIGNING_KEY ?? '', { kid: 'ABC123' });
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc7517
 */
export async function importSigningKey(
  material: string | JWK,
  options: ImportKeyOptions = {},
): Promise<SigningKey> {
  requireKnownOptions('importSigningKey', options, optionNames);
  // Plain JavaScript: an environment variable that is not set.
  if (!(material as unknown) || (typeof material === 'string' && material.trim() === ''))
    throw new TypeError('The signing key is missing. Is the variable or file set that it is read from?');
  const jwk = typeof material === 'string' ? readJwkText(material) : material;
  if (jwk && 'keys' in jwk)
    throw new TypeError('The signing key is a set of keys. Provide the one private key that signs.');
  if (jwk) return fromJwk(jwk, options);
  if (typeof material !== 'string') throw new TypeError('The signing key is not a string or a JWK.');
  const { pem, alg } = readPrivateKeyPem(material);
  requireAlgorithm(alg, options.alg);
  let extractable: CryptoKey;
  try {
    extractable = await importPKCS8(pem, alg, { extractable: true });
  } catch {
    throw new TypeError(
      'The private key PEM cannot be read. It is damaged, encrypted or uses an unsupported curve.',
    );
  }
  return fromJwk(await exportJWK(extractable), options);
}

/** Generates a key pair (`RS256` with 2048 bits by default). `pem` is the private key as PKCS#8 PEM. */
export async function generateSigningKey(
  options: ImportKeyOptions = {},
): Promise<{ key: SigningKey; pem: string }> {
  requireKnownOptions('generateSigningKey', options, optionNames);
  const pair = await generateKeyPair(options.alg ?? 'RS256', { extractable: true, modulusLength: 2048 });
  const key = await fromJwk(await exportJWK(pair.privateKey), options);
  return { key, pem: await exportPKCS8(pair.privateKey) };
}

async function fromJwk(jwk: JWK, options: ImportKeyOptions): Promise<SigningKey> {
  const alg = algorithmOf(jwk);
  requireAlgorithm(alg, options.alg);
  if (typeof jwk.d !== 'string')
    throw new TypeError('The JWK is not a private key: the member "d" is missing.');
  if (alg === 'RS256' && (jwk.n?.length ?? 0) < 342) {
    throw new TypeError(
      'The RSA key is shorter than 2048 bits, which RS256 requires (RFC 7518 section 3.3).',
    );
  }
  const kid = options.kid ?? (typeof jwk.kid === 'string' ? jwk.kid : await calculateJwkThumbprint(jwk));
  let privateKey: CryptoKey | Uint8Array;
  try {
    privateKey = await importJWK({ ...jwk, ext: false, key_ops: ['sign'], use: 'sig' }, alg);
  } catch {
    throw new TypeError('The JWK cannot be read as a private key.');
  }
  if (privateKey instanceof Uint8Array) throw new TypeError('The JWK is a shared secret, not a private key.');
  const { kty, n, e, crv, x, y } = jwk;
  const members = Object.entries({ kty, n, e, crv, x, y }).filter(([, value]) => value !== undefined);
  await requirePair(privateKey, Object.fromEntries(members), alg);
  return { kid, alg, privateKey, publicJwk: { ...Object.fromEntries(members), kid, alg, use: 'sig' } };
}

/** A damaged key can be imported without an error. This check reports it at startup instead of with the first token. */
async function requirePair(privateKey: CryptoKey, publicJwk: JWK, alg: SigningAlgorithm): Promise<void> {
  try {
    const probe = await new SignJWT().setProtectedHeader({ alg }).sign(privateKey);
    await jwtVerify(probe, await importJWK(publicJwk, alg), { algorithms: [alg] });
  } catch {
    throw new TypeError('The private key is damaged: the public key does not verify its signatures.');
  }
}

function readJwkText(text: string): JWK | null {
  const json = text.trimStart().startsWith('{') ? text : decodedObject(text);
  if (json === null) return null;
  try {
    return JSON.parse(json) as JWK;
  } catch {
    throw new TypeError('The signing key looks like a JWK but is not valid JSON.');
  }
}

/** A JSON object in base64: its text begins with `e`, that of PEM with `L`. */
function decodedObject(text: string): string | null {
  const base64 = text.replace(/\s/g, '');
  if (!/^e[\w+/-]+={0,2}$/.test(base64)) return null;
  try {
    const json = atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
    return json.startsWith('{') ? json : null;
  } catch {
    return null;
  }
}

function algorithmOf(jwk: JWK): SigningAlgorithm {
  if (jwk.kty === 'RSA') return 'RS256';
  if (jwk.kty === 'EC' && jwk.crv === 'P-256') return 'ES256';
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519') return 'EdDSA';
  throw new TypeError('The JWK is not an RSA, P-256 or Ed25519 key.');
}

function requireAlgorithm(found: SigningAlgorithm, wanted: SigningAlgorithm | undefined): void {
  if (wanted !== undefined && wanted !== found)
    throw new TypeError(`The key is for ${found}, not for ${wanted}.`);
}

const optionNames: Readonly<Record<keyof ImportKeyOptions, true>> = {
  kid: true,
  alg: true,
};
