import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';

export interface ProofParts {
  readonly method?: string;
  readonly url?: string;
  readonly token?: string;
  readonly nonce?: string;
  /** Override or, with `undefined`, remove claims. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** A client that makes DPoP proofs, written without code of the packages. */
export interface DpopClient {
  readonly jkt: string;
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
  prove(parts?: ProofParts): Promise<string>;
}

export async function createDpopClient(
  nowSeconds: () => number = () => Math.floor(Date.now() / 1000),
  alg = 'ES256',
): Promise<DpopClient> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  return {
    jkt: await calculateJwkThumbprint(publicJwk),
    publicJwk,
    privateJwk: await exportJWK(privateKey),
    prove({ method = 'GET', url = 'https://origin.test/live/s.m3u8', token, nonce, claims, header } = {}) {
      const all: Record<string, unknown> = {
        jti: crypto.randomUUID(),
        htm: method,
        htu: url,
        iat: nowSeconds(),
        ...(token !== undefined && { ath: createHash('sha256').update(token).digest('base64url') }),
        ...(nonce !== undefined && { nonce }),
        ...claims,
      };
      const kept = Object.entries(all).filter(([, value]) => value !== undefined);
      return new SignJWT(Object.fromEntries(kept))
        .setProtectedHeader({ typ: 'dpop+jwt', alg, jwk: publicJwk, ...header })
        .sign(privateKey);
    },
  };
}
