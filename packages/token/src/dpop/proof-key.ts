import { GatecastError } from '../errors.js';
import { sha256 } from './encode.js';
import { readStoredKey } from './stored-key.js';

/** A key of this page, with what proofs contain of it. */
export interface ProofKey {
  /** Cannot be exported: a script can use it, but not copy it. */
  readonly privateKey: CryptoKey;
  readonly publicJwk: { readonly kty: string; readonly crv: string; readonly x: string; readonly y: string };
  /** RFC 7638 thumbprint, the claim `cnf.jkt` of bound tokens. */
  readonly jkt: string;
}

const keys = new Map<string, Promise<ProofKey>>();

/**
 * The key for the tokens of one token endpoint. It is created when it is first needed, and stored in IndexedDB, so that all
 * tabs and later visits use the same one. Without IndexedDB it lasts until the page is closed.
 *
 * @throws GatecastError `proof-unavailable` without WebCrypto, as on a page that was not loaded by https.
 */
export function proofKey(endpoint: string): Promise<ProofKey> {
  const known = keys.get(endpoint);
  if (known) return known;
  const key = createProofKey(endpoint);
  keys.set(endpoint, key);
  // The next request tries again.
  key.catch(() => keys.delete(endpoint));
  return key;
}

async function createProofKey(endpoint: string): Promise<ProofKey> {
  // Missing outside secure contexts, whatever the type says.
  const { subtle } = globalThis.crypto as Partial<Crypto>;
  if (!subtle) {
    throw new GatecastError(
      'proof-unavailable',
      'The browser cannot make proofs of possession on this page.',
      {
        hint: 'Serve the page by https, or remove the attribute dpop.',
      },
    );
  }
  const { privateKey, publicKey } = await readStoredKey(endpoint, () =>
    subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']),
  );
  const { kty = '', crv = '', x = '', y = '' } = await subtle.exportKey('jwk', publicKey);
  // RFC 7638 section 3: the members in this order, without blanks.
  const jkt = await sha256(JSON.stringify({ crv, kty, x, y }));
  return { privateKey, publicJwk: { kty, crv, x, y }, jkt };
}
