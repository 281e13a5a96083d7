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
  /** Public keys: a key set, a JWKS, the URL of a JWKS, or a key lookup function of jose. */
  readonly keys: KeySet | JSONWebKeySet | URL | JWTVerifyGetKey;
  /** Accepted algorithms. `none` and shared secrets are never accepted. @defaultValue `RS256`, `ES256`, `EdDSA` */
  readonly algorithms?: readonly SigningAlgorithm[];
  /** Required claim `aud`. @defaultValue `v` */
  readonly audience?: string;
  /** Required claim `iss`. @defaultValue not checked */
  readonly issuer?: string;
  /** Required header `typ`. @defaultValue `JWT` */
  readonly typ?: string;
  /** Claim with the stream name. @defaultValue `sub` */
  readonly streamClaim?: string;
  /** Accepted clock difference in seconds. @defaultValue 0 */
  readonly clockToleranceSeconds?: number;
  /** Largest age of a token in seconds, by its `iat`, which is then required. @defaultValue no limit */
  readonly maxAgeSeconds?: number;
  /** Called with the claims of each token that is otherwise valid; return `true` to refuse it. @defaultValue no check */
  readonly isRevoked?: (claims: JWTPayload) => Promise<boolean> | boolean;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** Cache lifetime of a fetched JWKS in milliseconds. @defaultValue 600,000 */
  readonly cacheMaxAgeMs?: number;
  /** Shortest time between two fetches for an unknown `kid`, in milliseconds. @defaultValue 30,000 */
  readonly cooldownMs?: number;
  /** Time limit of a JWKS fetch in milliseconds. @defaultValue 5,000 */
  readonly timeoutMs?: number;
  /** @defaultValue `globalThis.fetch` */
  readonly fetch?: typeof globalThis.fetch;
}

/** A valid token. */
export interface VerifiedToken {
  readonly claims: JWTPayload;
  /** Stream that the token is for. */
  readonly stream: string;
  /** Key id of the header. */
  readonly kid: string | undefined;
  /** Expiry in milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

export interface TokenVerifier {
  /**
   * Verifies a token. With `stream`, the token must be for this stream.
   *
   * @throws Problem `token-missing` (401), `token-expired`, `token-wrong-stream` and the other `token-…` codes (403),
   *   `keys-unavailable` (503)
   */
  verify(token: string | null, expected?: { readonly stream?: string | undefined }): Promise<VerifiedToken>;
}

/**
 * Creates a verifier for media origins and ingest endpoints. It follows RFC 8725: a fixed list of algorithms; `typ`,
 * `aud`, `exp` and the stream are required; keys are selected by `kid`, and no other header is trusted.
 *
 * @example
 * ```ts
 * const verifier = createTokenVerifier({ keys: new URL('https://backend.example/.well-known/jwks.json') });
 * const { stream } = await verifier.verify(readRequestToken(request), { stream: 'demo-high' });
 * ```
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
          hint: 'Send the token as ?token= or as Authorization: Bearer.',
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
        throw new Problem('token-revoked', 'The token has been revoked.');
      return {
        claims: payload,
        stream: named,
        kid: protectedHeader.kid,
        expiresAtMs: (payload.exp ?? 0) * 1000,
      };
    },
  };
}

/** Reads the token of a request from `Authorization: Bearer` or the query parameter. Returns `null` if there is none. */
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

/** The messages of jose contain no token, but only our own messages are sent. */
function problemOf(error: unknown): Problem {
  if (error instanceof errors.JWTExpired) return new Problem('token-expired', 'The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud')
      return new Problem('token-wrong-audience', 'The token is for another audience.');
    if (error.claim === 'nbf') return new Problem('token-not-yet-valid', 'The token is not valid yet.');
    return new Problem('token-invalid', `The claim or header "${error.claim}" is missing or wrong.`);
  }
  const isKeyFailure =
    error instanceof errors.JWKSTimeout ||
    error instanceof TypeError ||
    (error as { code?: unknown }).code === 'ERR_JOSE_GENERIC';
  if (isKeyFailure) {
    return new Problem('keys-unavailable', 'The public keys are not available.', {
      retryAfterSeconds: 5,
      cause: error,
    });
  }
  return new Problem('token-invalid', 'The token is not valid.');
}
