import { toNumericDate } from '@gatecast/contract';
import { latestEnd, type StreamGrant } from '../grant/grant.js';
import type { KeySet } from '../key/key-set.js';
import { signClaims } from '../key/sign-claims.js';
import { lifetimeSeconds } from './lifetime-seconds.js';
import { refuseRestrictions } from './refuse-unsupported.js';
import { numericDate, grantedEnd } from './granted-end.js';
import { rememberEnd } from './signed-ends.js';
import type { IssuedToken, IssueRequest, TokenIssuer } from './token-issuer.js';

export interface SignedJwtOptions {
  /** Signing keys. The active key signs. */
  readonly keys: KeySet;
  /** Claim `aud`. @defaultValue `v` */
  readonly audience?: string | readonly string[];
  /** Claim `iss`. @defaultValue no claim */
  readonly issuer?: string;
  /**
   * Header `typ`. Set `gatecast-playback+jwt` or `gatecast-ingest+jwt` when all your origins accept it: a token then
   * cannot be used for another purpose, whatever its audience (RFC 8725 section 3.11).
   *
   * @defaultValue `JWT`, which all origins accept
   */
  readonly typ?: string;
  /** Lifetime in seconds, 1 to 31,536,000, if the grant sets none. A function is called for each token. @defaultValue 300 */
  readonly ttlSeconds?: number | ((request: IssueRequest) => number);
  /** Claims to add to `sub`, `aud` and `exp`. @defaultValue none */
  readonly include?: readonly ('iat' | 'nbf' | 'jti')[];
  /** Additional claims of every token. Claims of the grant override them. @defaultValue none */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

type Claims = Record<string, unknown>;

/**
 * Issues JWTs that this server signs: header `alg`, `kid`, `typ`; claims `sub` (the stream), `aud`, `exp`.
 *
 * @param name - name of the issuer in error messages.
 * @throws TypeError if `ttlSeconds` is not a whole number from 1 to 31,536,000.
 */
export function signedJwt(options: SignedJwtOptions, name: string): TokenIssuer {
  const { keys, audience = 'v', issuer, ttlSeconds = 300, include = [], now = Date.now } = options;
  if (typeof ttlSeconds === 'number') lifetimeSeconds(ttlSeconds);
  return {
    async issue(request: IssueRequest): Promise<IssuedToken> {
      const { stream, grant, needsId = false } = request;
      refuseRestrictions(grant, name);
      const nowMs = now();
      const nowSeconds = toNumericDate(nowMs);
      const { exp: _, nbf, iat, jti, ...custom } = { ...options.claims, ...grant.claims };
      const ttl = grant.ttlSeconds ?? (typeof ttlSeconds === 'function' ? ttlSeconds(request) : ttlSeconds);
      const expiresAt = grantedEnd(withOwnEnd(grant, options.claims?.['exp'], nowMs), ttl, nowMs);
      const ownId = needsId || include.includes('jti') ? (grant.id ?? crypto.randomUUID()) : undefined;
      const tokenId = typeof jti === 'string' ? jti : ownId;
      const claims: Claims = { sub: stream, aud: audience, exp: expiresAt };
      if (issuer !== undefined) claims['iss'] = issuer;
      addTime(claims, 'iat', iat, include.includes('iat') ? nowSeconds : undefined);
      addTime(claims, 'nbf', nbf, include.includes('nbf') ? nowSeconds : undefined);
      if (tokenId !== undefined) claims['jti'] = tokenId;
      // Last: claims of a grant must not change the stream or the key.
      const all: Claims = { ...claims, ...custom, sub: stream };
      if (request.confirmation) all['cnf'] = request.confirmation;
      const token = await signClaims(keys, all, options.typ);
      const issued = tokenId === undefined ? { token, expiresAt } : { token, expiresAt, tokenId };
      // A claim that is called toJSON could replace the whole payload.
      if (!('toJSON' in custom)) rememberEnd(issued, expiresAt);
      return issued;
    },
  };
}

/** The end of every token of an issuer applies to a grant that sets none, and narrows one that sets a lifetime. */
function withOwnEnd(grant: StreamGrant, ownEnd: unknown, nowMs: number): StreamGrant {
  if (ownEnd === undefined || grant.claims?.['exp'] !== undefined) return grant;
  const exp = Math.min(numericDate(ownEnd, 'exp'), latestEnd(grant, nowMs));
  return { ...grant, claims: { ...grant.claims, exp } };
}

function addTime(claims: Claims, name: 'iat' | 'nbf', given: unknown, computed: number | undefined): void {
  const value = given === undefined ? computed : numericDate(given, name);
  if (value !== undefined) claims[name] = value;
}

/** Names of the options that all issuers of signed JWTs have. */
export const signedJwtOptionNames: Readonly<Record<keyof SignedJwtOptions, true>> = {
  keys: true,
  audience: true,
  issuer: true,
  typ: true,
  ttlSeconds: true,
  include: true,
  claims: true,
  now: true,
};
