import type { OptionNames } from '../http/require-known-options.js';
import { base64url } from 'jose';
import { Problem, type ProblemCode } from '../http/problem.js';
import { requireOrigin } from '../http/require-origin.js';
import { createDpopNonces, dpopNonceOptionNames, type DpopNonceOptions } from './nonces.js';
import type { DpopAlgorithm } from './proof-key.js';
import { proofUrl } from './proof-url.js';
import { createProofReader, type Proof } from './read-proof.js';
import { memoryReplayCache, type ReplayCache } from './replay-cache.js';

/** How proofs of possession are checked (DPoP, RFC 9449). */
export interface DpopOptions {
  /** Stores used proofs. With several instances, use `redisReplayCache`. @defaultValue `memoryReplayCache()` */
  readonly replayCache?: ReplayCache;
  /**
   * Origin, or origins, under which clients reach this server, such as `https://media.example.com`. Set it behind a reverse
   * proxy, and whenever clients could choose the header `Host`.
   *
   * @defaultValue the origin of the request's URL
   */
  readonly externalOrigin?: string | readonly string[];
  /** Accepted algorithms of proofs. @defaultValue `ES256`, `EdDSA`, `RS256`, `PS256` */
  readonly algorithms?: readonly DpopAlgorithm[];
  /** Time for which a proof is accepted after its `iat`, in seconds. @defaultValue 60 */
  readonly maxAgeSeconds?: number;
  /** How far `iat` may be in the future, in seconds. @defaultValue 30 */
  readonly clockToleranceSeconds?: number;
  /** Require a nonce of this server in each proof, so that proofs cannot be made in advance. @defaultValue no nonces */
  readonly nonce?: DpopNonceOptions;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

export const dpopOptionNames: OptionNames<DpopOptions> = {
  replayCache: true,
  externalOrigin: true,
  algorithms: true,
  maxAgeSeconds: true,
  clockToleranceSeconds: true,
  nonce: dpopNonceOptionNames,
  now: true,
};

export interface ExpectedProof {
  /** Access token of the request, which the claim `ath` must match. */
  readonly token?: string;
  /** Thumbprint of the key to which the token is bound. */
  readonly jkt?: string;
}

/** A valid proof. */
export interface CheckedProof {
  /** RFC 7638 thumbprint of the client's key. */
  readonly jkt: string;
  /** Nonce for the client's next proof, to send as `DPoP-Nonce`. */
  readonly nonce: string | undefined;
}

export interface DpopChecker {
  /** Value of `WWW-Authenticate` for requests without a token. */
  readonly challenge: string;
  /**
   * Checks the header `DPoP` of a request.
   *
   * @throws Problem `dpop-proof-missing`, `dpop-proof-invalid`, `dpop-nonce-required`, `store-unavailable`
   */
  check(request: Request, expected?: ExpectedProof): Promise<CheckedProof>;
}

/**
 * Creates a checker of proofs (RFC 9449 section 4.3).
 *
 * @param status - status of refusals: 401 at a resource (section 7.1), 400 at a token endpoint (section 5).
 * @throws TypeError if an option is invalid.
 */
export function createDpopChecker(options: DpopOptions, status: 400 | 401): DpopChecker {
  const { algorithms = ['ES256', 'EdDSA', 'RS256', 'PS256'], now = Date.now } = options;
  const { maxAgeSeconds = 60, clockToleranceSeconds = 30 } = options;
  requireOptions(options);
  const { replayCache = memoryReplayCache({ now }) } = options;
  const origins = options.externalOrigin === undefined ? null : [options.externalOrigin].flat();
  const readProof = createProofReader(algorithms);
  const nonces = options.nonce && createDpopNonces(options.nonce, now);
  const algs = `algs="${algorithms.join(' ')}"`;

  function refuse(code: ProblemCode, message: string, hint?: string, nonce?: string): Problem {
    const error = code === 'dpop-nonce-required' ? 'use_dpop_nonce' : 'invalid_dpop_proof';
    const headers = {
      ...(status === 401 && { 'WWW-Authenticate': `DPoP error="${error}", ${algs}` }),
      ...(nonce !== undefined && { 'DPoP-Nonce': nonce }),
    };
    return new Problem(code, message, { hint, status, headers });
  }

  function faultOf(proof: Proof, request: Request): string | null {
    if (proof.htm !== request.method) return 'The proof is for another method.';
    if (!addressesOf(request).includes(proofUrl(proof.htu))) return 'The proof is for another address.';
    const ageSeconds = now() / 1000 - proof.iat;
    if (ageSeconds > maxAgeSeconds) return 'The proof is too old.';
    if (ageSeconds < -clockToleranceSeconds) return 'The proof was made in the future.';
    return null;
  }

  function addressesOf({ url }: Request): (string | null)[] {
    if (!origins) return [proofUrl(url)].filter((address) => address !== null);
    const { pathname } = new URL(url);
    return origins.map((origin) => proofUrl(origin + pathname));
  }

  /** Last, so that only a proof that is otherwise valid fills the cache. */
  async function requireFirstUse({ jkt, jti, iat }: Proof): Promise<void> {
    const id = await digest(`${jkt} ${jti}`);
    const isFirst = await replayCache
      .add(id, (iat + maxAgeSeconds + clockToleranceSeconds) * 1000)
      .catch((cause: unknown) => {
        throw new Problem('store-unavailable', 'Proofs cannot be checked at the moment.', {
          retryAfterSeconds: 2,
          cause,
        });
      });
    if (!isFirst) throw refuse('dpop-proof-invalid', 'The proof has been used before.');
  }

  return {
    challenge: `DPoP ${algs}`,
    async check(request, { token, jkt } = {}) {
      const text = request.headers.get('DPoP');
      const nonce = await nonces?.current();
      if (text === null) {
        throw refuse(
          'dpop-proof-missing',
          'The request has no proof of possession.',
          'Send a proof in the header DPoP (RFC 9449). Gatecast’s elements do with the attribute dpop.',
          nonce,
        );
      }
      const proof = await readProof(text);
      const fault = typeof proof === 'string' ? proof : faultOf(proof, request);
      if (typeof proof === 'string' || fault !== null)
        throw refuse('dpop-proof-invalid', fault ?? '', undefined, nonce);
      if (nonces && !(proof.nonce !== undefined && (await nonces.isValid(proof.nonce)))) {
        throw refuse(
          'dpop-nonce-required',
          'The proof has no valid nonce.',
          'Use the nonce of DPoP-Nonce.',
          nonce,
        );
      }
      if (token !== undefined && proof.ath !== (await digest(token)))
        throw refuse('dpop-proof-invalid', 'The proof is for another token.', undefined, nonce);
      if (jkt !== undefined && proof.jkt !== jkt)
        throw refuse('dpop-proof-invalid', 'The token is bound to another key.', undefined, nonce);
      await requireFirstUse(proof);
      return { jkt: proof.jkt, nonce };
    },
  };
}

/** SHA-256 in base64url, as in the claim `ath` (section 4.2). */
async function digest(text: string): Promise<string> {
  return base64url.encode(
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
  );
}

function requireOptions({ externalOrigin = [], maxAgeSeconds, clockToleranceSeconds }: DpopOptions): void {
  for (const origin of [externalOrigin].flat()) requireOrigin(origin, 'dpop.externalOrigin');
  for (const seconds of [maxAgeSeconds, clockToleranceSeconds]) {
    if (seconds === undefined || (Number.isInteger(seconds) && seconds >= 0 && seconds <= 3600)) continue;
    throw new TypeError('maxAgeSeconds and clockToleranceSeconds of dpop are whole numbers from 0 to 3,600.');
  }
}
