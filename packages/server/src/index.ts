export { Problem, problemCodes, type ProblemCode, type ProblemOptions } from './problem.js';
export {
  generateSigningKey,
  importSigningKey,
  type ImportKeyOptions,
  type SigningAlgorithm,
  type SigningKey,
} from './key/signing-key.js';
export { createKeySet, type KeySet } from './key/key-set.js';
export type {
  IssuedToken,
  IssueRequest,
  SecurityObject,
  StreamGrant,
  TokenIssuer,
  TokenPurpose,
  TokenReason,
  TokenRestrictions,
} from './issuer/token-issuer.js';
export { signClaims } from './issuer/sign-claims.js';
export { jwtIssuer, type JwtIssuerOptions } from './issuer/jwt-issuer.js';
export { ingestJwtIssuer, type IngestJwtIssuerOptions } from './issuer/ingest-jwt-issuer.js';
export { webcasterJwtIssuer, type WebcasterJwtIssuerOptions } from './issuer/vendor/webcaster-jwt-issuer.js';
export type { VerifyingIssuer } from './issuer/vendor/verify-by-vendor.js';
export { stsSecurityIssuer, type StsSecurityIssuerOptions } from './issuer/vendor/sts-security-issuer.js';
export {
  playbackJwtIssuer,
  type PlaybackJwtIssuerOptions,
  type PlaybackTarget,
} from './issuer/vendor/playback-jwt-issuer.js';
export type { Secret, VendorErrorEvent, VendorOptions } from './issuer/vendor/vendor-client.js';
export type { SharingOptions } from './issuer/vendor/shared-calls.js';
export {
  explainStsOptions,
  type StsOptionsExplanation,
  type StsRestriction,
} from './issuer/vendor/sts-options.js';
export type { Authorization, Authorize, AuthorizeQuestion } from './handler/authorize.js';
export type { CorsOptions } from './handler/cors.js';
export type { FetchHandler, HandlerContext } from './handler/fetch-handler.js';
export { createTokenHandler, type TokenHandlerOptions } from './handler/token-handler.js';
export { createJwksHandler, type JwksHandlerOptions } from './handler/jwks-handler.js';
export {
  createPlaylistSession,
  type PlaylistSession,
  type PlaylistSessionOptions,
  type PlaylistSessionState,
} from './handler/playlist-session.js';
export { createPlaylistSigner, type PlaylistSignerOptions } from './playlist/playlist-signer.js';
export {
  createTokenVerifier,
  readRequestToken,
  type TokenVerifier,
  type TokenVerifierOptions,
  type VerifiedToken,
} from './verify/token-verifier.js';
export {
  checkRequest,
  verifyToken,
  type VerifyTokenOptions,
  type VerifyTokenVariables,
} from './verify/verify-token.js';
export { silentLogger, type LogFields, type Logger } from './observe/logger.js';
export { silentMetrics, type Metrics } from './observe/metrics.js';
export type { LimitRate, RateLimiter } from './limit/rate-limiter.js';
export type { GuardedStore, StoreDownPolicy } from './limit/store-policy.js';
export { memorySessionStore, type SeatClaim, type SessionStore } from './session/session-store.js';
export { denyList, type SessionOptions } from './session/token-sessions.js';
export type { BootstrapOptions } from './playlist/bootstrap-playlists.js';
export { checkConformance, type ConformanceOptions } from './conformance/conformance.js';
export type { Finding } from './conformance/finding.js';
