import { createHash } from 'node:crypto';
import { Problem, type TokenVerifier } from '@gatecast/server';
import type { VerifyToken } from './session-http.js';
import type { TokenRefusal, TokenVerdict } from './token-verdict.js';

/** Checks the tokens of sessions with a verifier: with each request, and in between. */
export function verifyForSession(verifier: TokenVerifier): VerifyToken {
  return async (token, stream, request) => {
    try {
      const { expiresAtMs } = await verifier.verify(token, { stream, request });
      return {
        ok: true,
        access: { holder: holderOf(token), expiresAtMs, recheck: () => recheck(verifier, token, stream) },
      };
    } catch (error) {
      return refusalOf(error);
    }
  };
}

function holderOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** A proof is for one request. The request that brought the token had it. */
async function recheck(verifier: TokenVerifier, token: string, stream: string): Promise<TokenVerdict> {
  try {
    await verifier.verify(token, { stream });
    return { ok: true };
  } catch (error) {
    const refusal = refusalOf(error);
    return refusal.code === 'dpop-proof-missing' ? { ok: true } : refusal;
  }
}

function refusalOf(error: unknown): TokenRefusal {
  if (!(error instanceof Problem)) throw error;
  const status = error.status === 401 || error.status === 503 ? error.status : 403;
  return { ok: false, status, code: error.code, detail: error.message, headers: error.headers };
}
