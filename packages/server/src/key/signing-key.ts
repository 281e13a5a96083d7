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

export type { SigningAlgorithm } from './private-key-pem.js';

/** A private key ready to sign, and its public half. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** Not extractable: the key cannot leave through this handle. */
  readonly privateKey: CryptoKey;
  /** With `kid`, `alg` and `use`, without any private member. */
  readonly publicJwk: JWK;
  /** Signs in place of WebCrypto, at once and on the calling thread; `./node` has one that costs less. */
  readonly signNow?: (data: Uint8Array) => Uint8Array;
}

export interface ImportKeyOptions {
  /** Key id as the origin knows it. @defaultValue the RFC 7638 thumbprint */
  kid?: string | undefined;
  /** @defaultValue told from the key: RSA `RS256`, P-256 `ES256`, Ed25519 `EdDSA` */
  alg?: SigningAlgorithm | undefined;
}

/**
 * Reads a private key: PEM (PKCS#8, PKCS#1, SEC 1), base64 of such a PEM as dashboards hand it out, or a JWK as object
 * or JSON text.
 *
 * @throws TypeError when it is none of these, too short, or of another algorithm. No message quotes the key.
 */
export async function importSigningKey(
  material: string | JWK,
  options: ImportKeyOptions = {},
): Promise<SigningKey> {
  const jwk = typeof material === 'string' ? readJwkText(material) : material;
  if (jwk) return fromJwk(jwk, options);
  if (typeof material !== 'string') throw new TypeError('The signing key is neither text nor a JWK.');
  const { pem, alg } = readPrivateKeyPem(material);
  requireAlgorithm(alg, options.alg);
  let extractable: CryptoKey;
  try {
    extractable = await importPKCS8(pem, alg, { extractable: true });
  } catch {
    throw new TypeError(
      'The private key PEM cannot be read: it is damaged, encrypted or of an unsupported curve.',
    );
  }
  return fromJwk(await exportJWK(extractable), options);
}

/** A new key pair. The second member is the private key as PKCS#8 PEM, for the key file. */
export async function generateSigningKey(
  options: ImportKeyOptions = {},
): Promise<{ key: SigningKey; pem: string }> {
  const pair = await generateKeyPair(options.alg ?? 'RS256', { extractable: true, modulusLength: 2048 });
  const key = await fromJwk(await exportJWK(pair.privateKey), options);
  return { key, pem: await exportPKCS8(pair.privateKey) };
}

async function fromJwk(jwk: JWK, options: ImportKeyOptions): Promise<SigningKey> {
  const alg = algorithmOf(jwk);
  requireAlgorithm(alg, options.alg);
  if (typeof jwk.d !== 'string')
    throw new TypeError('The JWK holds no private key: its member "d" is missing.');
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
  if (privateKey instanceof Uint8Array)
    throw new TypeError('The JWK is a shared secret; a private key is due.');
  const { kty, n, e, crv, x, y } = jwk;
  const members = Object.entries({ kty, n, e, crv, x, y }).filter(([, value]) => value !== undefined);
  await requirePair(privateKey, Object.fromEntries(members), alg);
  return { kid, alg, privateKey, publicJwk: { ...Object.fromEntries(members), kid, alg, use: 'sig' } };
}

/** A damaged key can import without complaint and then sign what nobody can verify: better found out at start. */
async function requirePair(privateKey: CryptoKey, publicJwk: JWK, alg: SigningAlgorithm): Promise<void> {
  try {
    const probe = await new SignJWT().setProtectedHeader({ alg }).sign(privateKey);
    await jwtVerify(probe, await importJWK(publicJwk, alg), { algorithms: [alg] });
  } catch {
    throw new TypeError('The private key is damaged: its public half does not verify what it signs.');
  }
}

function readJwkText(text: string): JWK | null {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    return JSON.parse(text) as JWK;
  } catch {
    throw new TypeError('The signing key looks like a JWK but is not valid JSON.');
  }
}

function algorithmOf(jwk: JWK): SigningAlgorithm {
  if (jwk.kty === 'RSA') return 'RS256';
  if (jwk.kty === 'EC' && jwk.crv === 'P-256') return 'ES256';
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519') return 'EdDSA';
  throw new TypeError('The JWK is neither RSA, nor EC on P-256, nor Ed25519.');
}

function requireAlgorithm(found: SigningAlgorithm, wanted: SigningAlgorithm | undefined): void {
  if (wanted !== undefined && wanted !== found)
    throw new TypeError(`The key is for ${found}, not for ${wanted}.`);
}
