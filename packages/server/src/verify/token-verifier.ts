import { dpopOptionNames } from '../dpop/dpop-checker.js';
import {
  createLocalJWKSet,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import type { Confirmation } from '../dpop/confirmation.js';
import type { KeySet } from '../key/key-set.js';
import { localKeyResolver } from '../key/local-key-resolver.js';
import { createRemoteKeys } from '../key/remote-keys.js';
import type { SigningAlgorithm } from '../key/signing-key.js';
import { Problem } from '../http/problem.js';
import { requireBoundedLife, requireSaneTimes } from './check-times.js';
import { isCompactJwt } from '../key/compact-jwt.js';
import { requireExpected, requireOptions } from './check-options.js';
import { createPossessionCheck, type VerifierDpopOptions } from './possession.js';
import { isOfKind, kindOfAudience, type KindCheck, type TokenKind } from './token-kind.js';
import { requireKnownOptions, type OptionNames } from '../http/require-known-options.js';

export interface TokenVerifierOptions {
  /** Public keys: a key set, a JWKS, the URL of a JWKS, or a key lookup function of jose. */
  readonly keys: KeySet | JSONWebKeySet | URL | JWTVerifyGetKey;
  /** Accepted algorithms. `none` and shared secrets are never accepted. @defaultValue `RS256`, `ES256`, `EdDSA` */
  readonly algorithms?: readonly SigningAlgorithm[];
  /** Required claim `aud`. @defaultValue `v` */
  readonly audience?: string;
  /** Required claim `iss`. @defaultValue not checked */
  readonly issuer?: string;
  /**
   * Kind of token that is accepted. Tokens of another kind are refused by their header `typ` and by `aud`.
   *
   * @defaultValue `ingest` for the audience `ingest`, else `playback`
   */
  readonly kind?: TokenKind;
  /**
   * Accepted header `typ`. Set `gatecast-playback+jwt` or `gatecast-ingest+jwt` when all your issuers write it
   * (RFC 8725 section 3.11).
   *
   * @defaultValue `JWT`, and the type of `kind`
   */
  readonly typ?: string | readonly string[];
  /** Claim with the stream name. @defaultValue `sub` */
  readonly streamClaim?: string;
  /** Accepted clock difference in seconds. @defaultValue 0 */
  readonly clockToleranceSeconds?: number;
  /** Largest age of a token in seconds, by its `iat`, which is then required. @defaultValue no limit */
  readonly maxAgeSeconds?: number;
  /**
   * Longest accepted time from `iat`, or from now if that is earlier, to `exp`, in seconds. Raise it for tokens that live
   * longer than a day, such as those of a vendor.
   *
   * @defaultValue 86,400
   */
  readonly longestLifeSeconds?: number;
  /**
   * Proof of possession (DPoP, RFC 9449). Tokens that are bound to a key need a proof whether this is set or not.
   *
   * @defaultValue proofs are checked with the default options, and tokens need not be bound
   */
  readonly dpop?: VerifierDpopOptions;
  /** Called with the claims of each token that is otherwise valid; return `true` to refuse it. @defaultValue no check */
  readonly isRevoked?: (claims: JWTPayload) => Promise<boolean> | boolean;
  /** Milliseconds since the epoch, compared with the times of tokens. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** Cache lifetime of a fetched JWKS in milliseconds. @defaultValue 600,000 */
  readonly cacheMaxAgeMs?: number;
  /**
   * Shortest time between two fetches of a JWKS for an unknown `kid`, in milliseconds. By default a key that was just
   * published is found at once: 5 fetches are allowed, and one more every 5 s.
   *
   * @defaultValue 5 fetches at once, then one every 5,000
   */
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
  /** Key to which the token is bound, and whose proof was valid. `undefined` for other tokens. */
  readonly confirmation?: Confirmation | undefined;
  /** Nonce for the client's next proof, if `dpop.nonce` is set. Send it as the header `DPoP-Nonce`. */
  readonly dpopNonce?: string | undefined;
}

/** What a token must be valid for. */
export interface ExpectedToken {
  readonly stream?: string | undefined;
  /** The request with the token. Tokens that are bound to a key need it, because it has the proof. */
  readonly request?: Request | undefined;
}

export interface TokenVerifier {
  /**
   * Verifies a token of at most 16,384 characters. With `stream`, the token must be for this stream.
   *
   * @throws Problem `token-missing` (401), `token-expired`, `token-wrong-stream` and the other `token-…` codes (403),
   *   `dpop-…` (401), `keys-unavailable` and `store-unavailable` (503)
   */
  verify(token: string | null, expected?: ExpectedToken): Promise<VerifiedToken>;
}

/**
 * Creates a verifier for media origins and ingest endpoints. It follows RFC 8725: a fixed list of algorithms; `typ`,
 * `aud`, `exp` and the stream are required; keys are selected by `kid`, and no other header is trusted. `exp`, `nbf` and
 * `iat` must be seconds since 1970, and a token lives at most `longestLifeSeconds`.
 *
 * @example
 * ```ts
 * const verifier = createTokenVerifier({ keys: new URL('https://backend.example/.well-known/jwks.json') });
 * const { stream } = await verifier.verify(readRequestToken(request), { stream: 'demo-high', request });
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc8725
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  requireKnownOptions('createTokenVerifier', options, optionNames);
  const {
    algorithms = ['RS256', 'ES256', 'EdDSA'],
    streamClaim = 'sub',
    now = Date.now,
    isRevoked,
  } = options;
  const { audience = 'v', longestLifeSeconds = 86_400, clockToleranceSeconds = 0 } = options;
  requireOptions(algorithms, longestLifeSeconds, clockToleranceSeconds);
  const kind: KindCheck = {
    kind: options.kind ?? kindOfAudience(audience),
    audience,
    types: options.typ === undefined ? undefined : [options.typ].flat(),
  };
  const findKey = keyResolver(options);
  const possession = createPossessionCheck(options.dpop, now);
  return {
    async verify(token, expected = {}) {
      requireExpected(expected);
      const { stream, request } = expected;
      if (typeof token !== 'string' || token === '') {
        throw new Problem('token-missing', 'The request has no token.', {
          hint: 'Send the token in the query, or as a bearer token in the Authorization header.',
          ...(possession.challenge !== undefined && {
            headers: { 'WWW-Authenticate': possession.challenge },
          }),
        });
      }
      if (!isCompactJwt(token)) throw new Problem('token-invalid', 'The token is not a compact JWT.');
      const nowMs = now();
      const { payload, protectedHeader } = await jwtVerify(token, findKey, {
        algorithms: [...algorithms],
        audience,
        requiredClaims: ['exp', streamClaim],
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(nowMs),
        ...(options.issuer !== undefined && { issuer: options.issuer }),
        ...(options.maxAgeSeconds !== undefined && { maxTokenAge: options.maxAgeSeconds }),
      }).catch((error: unknown) => {
        throw problemOf(error);
      });
      requireSaneTimes(payload);
      if (!isOfKind(protectedHeader.typ, payload.aud, kind)) {
        throw new Problem('token-invalid', 'The header "typ" is missing, or the token is of another kind.', {
          hint: `Send a token for ${kind.kind}.`,
        });
      }
      requireBoundedLife(payload, { nowMs, longestLifeSeconds, clockToleranceSeconds });
      const named = payload[streamClaim];
      if (typeof named !== 'string' || (stream !== undefined && named !== stream)) {
        throw new Problem('token-wrong-stream', 'The token is for another stream.');
      }
      if (isRevoked && (await isRevoked(payload)))
        throw new Problem('token-revoked', 'The token has been revoked.');
      const proof = await possession.check(payload, token, request);
      return {
        claims: payload,
        stream: named,
        kid: protectedHeader.kid,
        expiresAtMs: (payload.exp ?? 0) * 1000,
        confirmation: proof ? { jkt: proof.jkt } : undefined,
        dpopNonce: proof?.nonce,
      };
    },
  };
}

function keyResolver(options: TokenVerifierOptions): JWTVerifyGetKey {
  const { keys } = options;
  if (typeof keys === 'function') return keys;
  if (keys instanceof URL) return createRemoteKeys(keys, options);
  return 'jwks' in keys ? localKeyResolver(keys) : createLocalJWKSet(keys);
}

/** The messages of jose contain no token, but only our own messages are sent. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  // A claim of the wrong type is not a token that has expired or is not valid yet.
  const timesFault =
    error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed
      ? timesFaultOf(error.payload)
      : null;
  if (timesFault) return timesFault;
  if (error instanceof errors.JWTExpired) return new Problem('token-expired', 'The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud')
      return new Problem('token-wrong-audience', 'The token is for another audience.');
    if (error.claim === 'nbf') return new Problem('token-not-yet-valid', 'The token is not valid yet.');
    return new Problem('token-invalid', `The claim or header "${error.claim}" is missing or wrong.`);
  }
  // The key lookup function of the application failed.
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

function timesFaultOf(claims: JWTPayload): Problem | null {
  try {
    requireSaneTimes(claims);
    return null;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

const optionNames: OptionNames<TokenVerifierOptions> = {
  keys: true,
  algorithms: true,
  audience: true,
  issuer: true,
  kind: true,
  typ: true,
  streamClaim: true,
  clockToleranceSeconds: true,
  maxAgeSeconds: true,
  longestLifeSeconds: true,
  dpop: { ...dpopOptionNames, required: true },
  isRevoked: true,
  now: true,
  cacheMaxAgeMs: true,
  cooldownMs: true,
  timeoutMs: true,
  fetch: true,
};
