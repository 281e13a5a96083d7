import { isNumericDate } from '@gatecast/contract';
import { compactVerify, decodeProtectedHeader } from 'jose';
import { isCompactJwt } from '../key/compact-jwt.js';
import { readProofKey, type DpopAlgorithm, type ProofKey } from './proof-key.js';

/** The content of a proof whose signature is valid. Nothing else of it has been checked. */
export interface Proof {
  readonly jkt: string;
  readonly jti: string;
  readonly htm: string;
  readonly htu: string;
  /** NumericDate seconds. */
  readonly iat: number;
  readonly ath: string | undefined;
  readonly nonce: string | undefined;
}

const LONGEST_PROOF = 4096;
const LONGEST_ID = 256;
const KNOWN_KEYS = 1000;

/** Returns the proof, or one sentence that says what is wrong with it. */
export type ReadProof = (text: string) => Promise<Proof | string>;

/**
 * Creates a reader of DPoP proofs of at most 4,096 characters. It keeps the keys of the last 1,000 clients, because the
 * import of a key costs about as much as the check of a signature.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 */
export function createProofReader(algorithms: readonly DpopAlgorithm[]): ReadProof {
  const known = new Map<string, ProofKey>();

  async function keyOf(header: string, jwk: unknown, alg: DpopAlgorithm): Promise<ProofKey | null> {
    return known.get(header) ?? readProofKey(jwk, alg);
  }

  function remember(header: string, key: ProofKey): void {
    known.delete(header);
    known.set(header, key);
    const [oldest] = known.keys();
    if (known.size > KNOWN_KEYS && oldest !== undefined) known.delete(oldest);
  }

  return async (text) => {
    // Two header fields arrive as one, joined with a comma.
    if (text.length > LONGEST_PROOF || !isCompactJwt(text))
      return 'The DPoP header is not one compact JWT of at most 4,096 characters.';
    const header = text.slice(0, text.indexOf('.'));
    const { typ, alg, jwk } = headerOf(text);
    if (typeof typ !== 'string' || typ.toLowerCase().replace(/^application\//, '') !== 'dpop+jwt')
      return 'The type of the proof is not "dpop+jwt".';
    const algorithm = algorithms.find((each) => each === alg);
    if (algorithm === undefined) return 'The algorithm of the proof is not accepted.';
    const key = await keyOf(header, jwk, algorithm);
    if (!key) return 'The header "jwk" of the proof is not a public key for its algorithm.';
    const claims = await claimsOf(text, key, algorithm);
    if (!claims) return 'The signature of the proof is not valid.';
    remember(header, key);
    return readClaims(claims, key.jkt);
  };
}

function headerOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return decodeProtectedHeader(text);
  } catch {
    return {};
  }
}

async function claimsOf(
  text: string,
  { key }: ProofKey,
  algorithm: DpopAlgorithm,
): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const { payload } = await compactVerify(text, key, { algorithms: [algorithm] });
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function readClaims(claims: Readonly<Record<string, unknown>>, jkt: string): Proof | string {
  const { jti, htm, htu, iat, ath, nonce } = claims;
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_ID)
    return 'The claim "jti" of the proof is missing or too long.';
  if (typeof htm !== 'string') return 'The claim "htm" of the proof is missing.';
  if (typeof htu !== 'string') return 'The claim "htu" of the proof is missing.';
  if (!isNumericDate(iat)) return 'The claim "iat" of the proof is not a number of seconds since 1970.';
  if (ath !== undefined && typeof ath !== 'string') return 'The claim "ath" of the proof is not text.';
  if (nonce !== undefined && typeof nonce !== 'string') return 'The claim "nonce" of the proof is not text.';
  return { jkt, jti, htm, htu, iat, ath, nonce };
}
