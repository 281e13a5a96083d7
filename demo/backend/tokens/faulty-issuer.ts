import { randomBytes } from 'node:crypto';
import {
  type IssueRequest,
  type IssuedToken,
  type KeySet,
  type TokenIssuer,
  jwtIssuer,
  signClaims,
} from '@gatecast/server';
import type { Faults } from '../qa/faults.js';
import type { OpaqueTokens } from './opaque-tokens.js';

export interface FaultyIssuerOptions {
  readonly keys: KeySet;
  readonly audience: 'v' | 'ingest';
  readonly faults: Faults;
  readonly opaqueTokens: OpaqueTokens;
  /** Token lifetime if the grant has none. */
  readonly ttlSeconds: number;
  /** The backend's clock in milliseconds since the epoch, including the fault `clockSkewSeconds`. */
  readonly now: () => number;
}

/** Claim with the generation of a token. The fault `expireNow` revokes all earlier generations. */
export const generationClaim = 'gen';

/** With the fault `notYetValid`, seconds from now to the claim `nbf`. */
export const notYetValidSeconds = 3600;

/** Issues tokens with the product's `jwtIssuer`, or faulty tokens if a fault is set. */
export function createFaultyIssuer(options: FaultyIssuerOptions): TokenIssuer {
  const { keys, audience, faults, opaqueTokens, now } = options;
  // With an id, two tokens of the same second differ: a player that was refused gets another one at once.
  const issuers = {
    withIat: jwtIssuer({ keys, audience, now, include: ['iat', 'jti'] }),
    withoutIat: jwtIssuer({ keys, audience, now, include: ['jti'] }),
  };
  const last = new Map<string, IssuedToken>();

  function issueJwt(request: IssueRequest, ttlSeconds: number): Promise<IssuedToken> {
    const nowSeconds = Math.floor(now() / 1000);
    const claims = {
      ...request.grant.claims,
      [generationClaim]: faults.tokenGeneration,
      ...(faults.tokens.expired && { iat: nowSeconds - 60 - ttlSeconds, exp: nowSeconds - 60 }),
      ...(faults.tokens.notYetValid && {
        nbf: nowSeconds + notYetValidSeconds,
        exp: nowSeconds + ttlSeconds,
      }),
    };
    const issuer = faults.tokens.omitIat ? issuers.withoutIat : issuers.withIat;
    return issuer.issue({ ...request, grant: { ...request.grant, ttlSeconds, claims } });
  }

  /**
   * Issues a token without an expiry. Only the origin knows when it expires. The token endpoint refuses a JWT without `exp`,
   * so with the fault `omitExp` the route sends the JWT in place of this token.
   */
  async function issueWithoutExpiry({ stream }: IssueRequest, ttlSeconds: number): Promise<IssuedToken> {
    const expiresAt = Math.floor(now() / 1000) + ttlSeconds;
    const token = randomBytes(24).toString('base64url');
    const jwt = faults.tokens.opaque
      ? token
      : await signClaims(keys, { sub: stream, aud: audience, jti: randomBytes(8).toString('hex') });
    const expiresAtMs = expiresAt * 1000;
    const state = { stream, audience, expiresAtMs, generation: faults.tokenGeneration, sentAs: jwt };
    opaqueTokens.remember(token, state);
    opaqueTokens.remember(jwt, state);
    return { token, expiresAt };
  }

  return {
    async issue(request) {
      const before = last.get(request.stream);
      if (faults.tokens.repeat && before) return before;
      const ttlSeconds = request.grant.ttlSeconds ?? options.ttlSeconds;
      const isSilent = Boolean(faults.tokens.omitExp) || Boolean(faults.tokens.opaque);
      const issued = await (isSilent
        ? issueWithoutExpiry(request, ttlSeconds)
        : issueJwt(request, ttlSeconds));
      last.set(request.stream, issued);
      return issued;
    },
  };
}
