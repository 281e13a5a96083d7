import { type JSONWebKeySet, compactVerify, createLocalJWKSet, errors } from 'jose';

export interface SignatureCheck {
  readonly isGood: boolean;
  readonly words: string;
}

export interface VerifyOptions {
  /** Address of the issuer's public keys, absolute. */
  readonly jwksUrl: string;
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
}

/** Checks a signature against published keys; all that leaves the page is a GET of their address. */
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
      words: `The signature is good (${alg}${kid === undefined ? '' : `, key ${kid}`}).`,
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
    // Neither cookies nor the address of this page go along.
    const response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer', signal });
    if (!response.ok) return `The keys were not to be had: the address answered ${response.status}.`;
    const body: unknown = await response.json();
    return isKeySet(body) ? body : 'What the address answers is no set of keys.';
  } catch {
    return 'The keys were not to be had: no answer, one that this page may not read, or no JSON.';
  }
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys);
}

function describeFailure(error: unknown): string {
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'The signature is wrong: another key, or a token that was changed.';
  if (error instanceof errors.JWKSNoMatchingKey)
    return 'None of the published keys fits the kid and alg of this token.';
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'Several keys fit: the token names no kid.';
  return 'The signature cannot be checked: the token or its algorithm is not supported.';
}
