export type { RefreshReason, SecurityObject, TokenPurpose, TokenRequest } from '@gatecast/contract';
export { Problem, problemCodes, type ProblemCode, type ProblemOptions } from './http/problem.js';
export {
  generateSigningKey,
  importSigningKey,
  type ImportKeyOptions,
  type SigningAlgorithm,
  type SigningKey,
} from './key/signing-key.js';
export { createKeySet, type KeySet } from './key/key-set.js';
export { revocationClaims } from './grant/grant.js';
export type { Grant, GrantedStream, IssuedGrant, StreamGrant, TokenRestrictions } from './grant/grant.js';
export type { Authorization, StreamOptions } from './grant/authorization.js';
export type { IssuedToken, IssueRequest, TokenIssuer } from './issuer/token-issuer.js';
export { signClaims } from './key/sign-claims.js';
export * from './issuer/registry.js';
export { issuersByOrigin, type IssuersByOriginOptions } from './issuer/issuers-by-origin.js';
export type { MediaCookieOptions } from './issuer/media-cookie.js';
export type { SignedJwtOptions } from './issuer/signed-jwt.js';
export type { VerifyingIssuer } from './issuer/nanocosmos/verify-by-vendor.js';
export type { Secret } from './issuer/secret.js';
export type { VendorErrorEvent, VendorOptions } from './issuer/nanocosmos/vendor-client.js';
export type { VendorLifetime } from './issuer/nanocosmos/requested-end.js';
export type { SharingOptions } from './issuer/nanocosmos/token-cache.js';
export type { Authorize } from './token-endpoint/authorize.js';
export { answerScript, type AnswerScriptOptions } from './http/answer-script.js';
export type { CorsOptions } from './http/cors.js';
export { startHead, type StartHead, type StartHeadOptions } from './http/start-head.js';
export type { FetchHandler, HandlerContext } from './http/create-handler.js';
export type { DpopMode, TokenDpopOptions } from './token-endpoint/token-binding.js';
export { createTokenHandler } from './token-endpoint/token-handler.js';
export type { TokenHandlerOptions } from './token-endpoint/token-handler-options.js';
export { createJwksHandler, type JwksHandlerOptions } from './token-endpoint/jwks-handler.js';
export {
  createPlaylistCookie,
  type PlaylistCookie,
  type PlaylistCookieOptions,
  type PlaylistCookieChange,
  type PlaylistCookieContent,
  type PlaylistGrant,
} from './playlist/playlist-cookie.js';
export { createPlaylistSigner } from './playlist/playlist-signer.js';
export type { PlaylistSignerOptions } from './playlist/signer-options.js';
export { memoryReceiverStore, type ReceiverStore } from './playlist/receiver-store.js';
export type { ReceiverOptions } from './playlist/receivers.js';
export type { Confirmation } from './dpop/confirmation.js';
export type { DpopOptions } from './dpop/dpop-checker.js';
export type { DpopNonceOptions } from './dpop/nonces.js';
export type { DpopAlgorithm } from './dpop/proof-key.js';
export { memoryReplayCache, type MemoryReplayOptions, type ReplayCache } from './dpop/replay-cache.js';
export type { VerifierDpopOptions } from './verify/possession.js';
export { readRequestToken } from './verify/request-token.js';
export {
  createTokenVerifier,
  type ExpectedToken,
  type TokenVerifier,
  type TokenVerifierOptions,
  type VerifiedToken,
} from './verify/token-verifier.js';
export { tokenTypes, type TokenKind } from './verify/token-kind.js';
export {
  checkRequest,
  verifyToken,
  type VerifyTokenOptions,
  type VerifyTokenVariables,
} from './verify/verify-token.js';
export type { LogFields, Logger } from './http/logger.js';
export { printable, printableLines } from './http/printable.js';
export type { MediaResult, Metrics } from './http/metrics.js';
export type { LimitRate, RateLimiter } from './limits/rate-limiter.js';
export type { GuardedStore, StoreDownPolicy } from './limits/store-policy.js';
export type { StreamClaim } from './limits/stream-claim.js';
export { memoryUsageStore, type UsageStore } from './limits/usage-store.js';
export { denyList, type ConcurrentStreamsOptions } from './limits/concurrent-streams.js';
export { createRevocations, type RevocableGrant, type Revocations } from './revocation/revocations.js';
export type { RevocationsOptions } from './revocation/revocations-options.js';
export { createRevocationHandler, type RevocationHandlerOptions } from './revocation/revocation-handler.js';
export type { Revocation, RevocationTarget, RevokeRequest } from './revocation/revocation.js';
export type { RevocationSecret } from './revocation/pseudonyms.js';
export type { RevocationChange } from './revocation/revocation-list.js';
export type {
  RevocationStore,
  StoredChange,
  StoreLimits,
  StoreMessage,
  StorePage,
  StoreWatcher,
} from './revocation/revocation-store.js';
export type { PushOptions } from './token-endpoint/push-options.js';
export type { SessionCookieOptions } from './limits/playback-session.js';
export type { IsRevoked } from './token-endpoint/authorize-grant.js';
export type { BootstrapOptions } from './playlist/bootstrap-playlists.js';
export type { FirstMediaOptions } from './playlist/first-media/media-options.js';
export { checkConformance, type ConformanceOptions } from './conformance/conformance.js';
export type { Finding } from './conformance/finding.js';
