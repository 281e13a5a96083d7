import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import type { KeySet } from '../key/key-set.js';
import { localKeyResolver } from '../key/local-key-resolver.js';
import type { SigningAlgorithm } from '../key/signing-key.js';
import { Problem } from '../http/problem.js';

export interface TokenVerifierOptions {
  /** Public keys: a key set, a JWKS, the address of one, or a function that looks a key up. */
  readonly keys: KeySet | JSONWebKeySet | URL | JWTVerifyGetKey;
  /** Algorithms that are accepted; never `none`, never a shared secret. @defaultValue `RS256`, `ES256`, `EdDSA` */
  readonly algorithms?: readonly SigningAlgorithm[];
  /** @defaultValue `v` */
  readonly audience?: string;
  /** `iss` that is required. @defaultValue not looked at */
  readonly issuer?: string;
  /** `typ` of the header that is required. @defaultValue `JWT` */
  readonly typ?: string;
  /** The claim that names the stream. @defaultValue `sub` */
  readonly streamClaim?: string;
  /** Seconds by which clocks may differ. @defaultValue 0 */
  readonly clockToleranceSeconds?: number;
  /** Oldest `iat` in seconds; with it `iat` becomes required. @defaultValue no limit */
  readonly maxAgeSeconds?: number;
  /** Is a token withdrawn? Asked with the claims of each token that is good otherwise. */
  readonly isRevoked?: (claims: JWTPayload) => Promise<boolean> | boolean;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** How long a fetched JWKS is good, in milliseconds. @defaultValue 600,000 */
  readonly cacheMaxAgeMs?: number;
  /** Shortest time between two fetches for an unknown `kid`, in milliseconds. @defaultValue 30,000 */
  readonly cooldownMs?: number;
  /** Time-out of a JWKS fetch in milliseconds. @defaultValue 5,000 */
  readonly timeoutMs?: number;
  /** @defaultValue `globalThis.fetch` */
  readonly fetch?: typeof globalThis.fetch;
}

export interface VerifiedToken {
  readonly claims: JWTPayload;
  readonly stream: string;
  readonly kid: string | undefined;
  readonly expiresAtMs: number;
}

export interface TokenVerifier {
  /**
   * Checks a token against the stream that it is shown for; without `stream` the token's own is taken.
   *
   * @throws Problem `token-missing` (401), `token-expired`, `token-wrong-stream` and the other `token-…` codes (403),
   *   `keys-unavailable` (503)
   */
  verify(token: string | null, expected?: { readonly stream?: string | undefined }): Promise<VerifiedToken>;
}

/**
 * Verifies tokens for media origins and ingest endpoints as RFC 8725 advises: algorithms pinned, `typ`, `aud`, `exp`
 * and the stream required, keys looked up by `kid` and nothing in the header trusted beyond that.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8725
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const {
    algorithms = ['RS256', 'ES256', 'EdDSA'],
    streamClaim = 'sub',
    now = Date.now,
    isRevoked,
  } = options;
  const findKey = keyResolver(options);
  return {
    async verify(token, { stream } = {}) {
      if (token === null || token === '') {
        throw new Problem('token-missing', 'The request has no token.', {
          hint: 'Send it as ?token= or as Authorization: Bearer.',
        });
      }
      const { payload, protectedHeader } = await jwtVerify(token, findKey, {
        algorithms: [...algorithms],
        audience: options.audience ?? 'v',
        typ: options.typ ?? 'JWT',
        requiredClaims: ['exp', streamClaim],
        clockTolerance: options.clockToleranceSeconds ?? 0,
        currentDate: new Date(now()),
        ...(options.issuer !== undefined && { issuer: options.issuer }),
        ...(options.maxAgeSeconds !== undefined && { maxTokenAge: options.maxAgeSeconds }),
      }).catch((error: unknown) => {
        throw problemOf(error);
      });
      const named = payload[streamClaim];
      if (typeof named !== 'string' || (stream !== undefined && named !== stream)) {
        throw new Problem('token-wrong-stream', 'The token is for another stream.');
      }
      if (isRevoked && (await isRevoked(payload)))
        throw new Problem('token-revoked', 'The token has been withdrawn.');
      return {
        claims: payload,
        stream: named,
        kid: protectedHeader.kid,
        expiresAtMs: (payload.exp ?? 0) * 1000,
      };
    },
  };
}

/** The token of a request: `Authorization: Bearer` first, then the query; `null` when there is none. */
export function readRequestToken(request: Request, parameter = 'token'): string | null {
  const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.get('Authorization') ?? '')?.[1];
  return bearer ?? new URL(request.url).searchParams.get(parameter);
}

function keyResolver(options: TokenVerifierOptions): JWTVerifyGetKey {
  const { keys } = options;
  if (typeof keys === 'function') return keys;
  if (keys instanceof URL) {
    return createRemoteJWKSet(keys, {
      cacheMaxAge: options.cacheMaxAgeMs ?? 600_000,
      cooldownDuration: options.cooldownMs ?? 30_000,
      timeoutDuration: options.timeoutMs ?? 5000,
      ...(options.fetch && { [customFetch]: options.fetch }),
    });
  }
  return 'jwks' in keys ? localKeyResolver(keys) : createLocalJWKSet(keys);
}

/** jose's messages name claims but quote no token; still only our own words go out. */
function problemOf(error: unknown): Problem {
  if (error instanceof errors.JWTExpired) return new Problem('token-expired', 'The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud')
      return new Problem('token-wrong-audience', 'The token is for another audience.');
    if (error.claim === 'nbf') return new Problem('token-not-yet-valid', 'The token is not valid yet.');
    return new Problem('token-invalid', `The token's "${error.claim}" is missing or wrong.`);
  }
  const isKeyTrouble =
    error instanceof errors.JWKSTimeout ||
    error instanceof TypeError ||
    (error as { code?: unknown }).code === 'ERR_JOSE_GENERIC';
  if (isKeyTrouble) {
    return new Problem('keys-unavailable', 'The public keys are not available.', {
      retryAfterSeconds: 5,
      cause: error,
    });
  }
  return new Problem('token-invalid', 'The token is not valid.');
}
