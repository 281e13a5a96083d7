import { base64url, sha256, utf8 } from './encode.js';
import type { ProofKey } from './proof-key.js';

export interface ProofRequest {
  readonly method: string;
  readonly url: string;
  /** Token that the proof is for. */
  readonly secret: string | null;
  /** The server's time, in milliseconds since the epoch. */
  readonly nowMs: number;
  readonly nonce: string | undefined;
}

/**
 * Creates a proof for one request.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.2
 */
export async function createProof(
  { privateKey, publicJwk }: ProofKey,
  { method, url, secret, nowMs, nonce }: ProofRequest,
): Promise<string> {
  const { origin, pathname } = new URL(url);
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: publicJwk };
  const claims = {
    jti: crypto.randomUUID(),
    htm: method,
    htu: origin + pathname,
    iat: Math.floor(nowMs / 1000),
    ...(secret !== null && { ath: await sha256(secret) }),
    ...(nonce !== undefined && { nonce }),
  };
  const input = `${base64url(utf8(JSON.stringify(header)))}.${base64url(utf8(JSON.stringify(claims)))}`;
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await crypto.subtle.sign(algorithm, privateKey, utf8(input));
  return `${input}.${base64url(new Uint8Array(signature))}`;
}
