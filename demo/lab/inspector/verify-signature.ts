import { type JSONWebKeySet, compactVerify, createLocalJWKSet, errors } from 'jose';

export interface SignatureCheck {
  readonly isGood: boolean;
  readonly words: string;
}

export interface VerifyOptions {
  /** Absolute URL of the issuer's public keys. */
  readonly jwksUrl: string;
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
}

/** Verifies a signature with published keys. It sends one GET request for the keys, and never sends the token. */
export async function verifySignature(
  jwt: string,
  { jwksUrl, fetch, signal }: VerifyOptions,
): Promise<SignatureCheck> {
  const keys = await fetchKeys(jwksUrl, fetch, signal);
  if (typeof keys === 'string') return { isGood: false, words: keys };
  try {
    const { protectedHeader } = await compactVerify(jwt, createLocalJWKSet(keys));
    const { alg, kid } = protectedHeader;
    return {
      isGood: true,
      words: `The signature is valid (${alg}${kid === undefined ? '' : `, key ${kid}`}).`,
    };
  } catch (error) {
    return { isGood: false, words: describeFailure(error) };
  }
}

async function fetchKeys(
  url: string,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
): Promise<JSONWebKeySet | string> {
  try {
    // Sent without cookies and without a referrer.
    const response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer', signal });
    if (!response.ok) return `The keys could not be loaded: status ${response.status}.`;
    const body: unknown = await response.json();
    return isKeySet(body) ? body : 'The response is not a JSON Web Key Set.';
  } catch {
    return 'The keys could not be loaded: no response, blocked by CORS, or not JSON.';
  }
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys);
}

function describeFailure(error: unknown): string {
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'The signature is not valid: wrong key, or the token was modified.';
  if (error instanceof errors.JWKSNoMatchingKey)
    return 'No published key matches the kid and alg of this token.';
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'Several keys match: the token has no kid.';
  return 'The signature cannot be checked: the token or its algorithm is not supported.';
}
