import type { JWTPayload } from 'jose';
import { readConfirmation } from '../dpop/confirmation.js';
import { createDpopChecker, type CheckedProof, type DpopOptions } from '../dpop/dpop-checker.js';
import { Problem } from '../http/problem.js';
import { readAuthorization } from './request-token.js';

/** Proof of possession at a media origin or ingest. */
export interface VerifierDpopOptions extends DpopOptions {
  /** Refuse tokens that are not bound to a key. @defaultValue false */
  readonly required?: boolean;
}

export interface PossessionCheck {
  /** `WWW-Authenticate` for a request without a token; `undefined` for the default. */
  readonly challenge: string | undefined;
  /**
   * Checks that the sender of a valid token has the key to which it is bound. Resolves with `null` for a token that is not
   * bound.
   *
   * @throws Problem `token-not-bound`, `token-invalid`, `dpop-…`
   */
  check(claims: JWTPayload, token: string, request: Request | undefined): Promise<CheckedProof | null>;
}

/**
 * A bound token is never accepted without a proof, also if the option `dpop` is not set. As `Bearer` it is refused even with
 * a proof (RFC 9449 section 7.2).
 */
export function createPossessionCheck(
  options: VerifierDpopOptions | undefined,
  now: () => number,
): PossessionCheck {
  const checker = createDpopChecker({ now, ...options }, 401);
  const isRequired = options?.required ?? false;
  const challenge = isRequired ? checker.challenge : `Bearer, ${checker.challenge}`;
  return {
    challenge: options && challenge,
    async check({ cnf }, token, request) {
      const confirmation = readConfirmation(cnf);
      if (confirmation === 'unknown')
        throw new Problem('token-invalid', 'The token is bound to a key in a way that is not supported.');
      const scheme = request && readAuthorization(request)?.scheme;
      if (!confirmation) {
        if (!isRequired && scheme !== 'dpop') return null;
        throw new Problem('token-not-bound', 'The token is not bound to a key.', {
          hint: 'Set dpop on the token endpoint, so that it issues bound tokens.',
        });
      }
      if (!request) {
        throw new Problem('dpop-proof-missing', 'The token is bound to a key, and there is no proof.', {
          hint: 'Pass the request to verify(), or use checkRequest() or verifyToken().',
          status: 401,
          headers: { 'WWW-Authenticate': checker.challenge },
        });
      }
      if (scheme === 'bearer' && request.headers.has('DPoP')) {
        throw new Problem('dpop-proof-invalid', 'A token that is bound to a key was sent as Bearer.', {
          hint: 'Send it with the scheme DPoP.',
          status: 401,
          headers: { 'WWW-Authenticate': checker.challenge },
        });
      }
      return checker.check(request, { token, jkt: confirmation.jkt });
    },
  };
}
