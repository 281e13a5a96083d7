export type {
  RefreshReason,
  SecurityObject,
  TokenAnswer,
  TokenItem,
  TokenPurpose,
  TokenRequest,
  TokenResponse,
  TokenValue,
} from '@gatecast/contract';
export { Authorizer, type AuthorizedRequest, type AuthorizerOptions } from './request/authorizer.js';
export { fetchAuthorized, type AuthorizedFetchOptions } from './request/fetch-authorized.js';
export {
  createClock,
  delay,
  systemClock,
  type Cancel,
  type Clock,
  type ClockOptions,
  type WakeReason,
} from './time/clock.js';
export { startDeadline, type Deadline } from './time/deadline.js';
export {
  freshTokenRejected,
  GatecastError,
  type BroadcastErrorCode,
  type ErrorCode,
  type GatecastErrorOptions,
  type PlayerErrorCode,
  type TokenErrorCode,
} from './errors.js';
export { withFreshToken, type FreshTokenSteps, type TokenUse } from './request/with-fresh-token.js';
export {
  parsePlacement,
  placeToken,
  secretOf,
  type PlacedRequest,
  type Placement,
} from './request/placement.js';
export { redact, REDACTED, redactText, redactUrl } from './redact.js';
export { refreshAtMs, refreshLeadMs, type RefreshTiming } from './manager/refresh-schedule.js';
export { retryDelayMs, type RetryAttempt } from './manager/retry-delay.js';
export { ServerClock } from './time/server-clock.js';
export { sharedTokenManager } from './manager/shared-token-manager.js';
export type { LeaseOptions, TokenEvent, TokenLease } from './manager/token-leases.js';
export { TokenManager, type GetOptions, type TokenManagerOptions } from './manager/token-manager.js';
export {
  parseTokenResponse,
  readTokenValue,
  type ParsedTokenResponse,
} from './source/parse-token-response.js';
export type { TokenState, TokenStatus } from './manager/token-slot.js';
export {
  noSource,
  customSource,
  endpointSource,
  literalSource,
  readRetryAfterMs,
  type CustomOptions,
  type EndpointOptions,
  type TokenFunction,
  type TokenSource,
} from './source/token-source.js';
export { isSameValue, numericDateToMs, readTokenTimes, type Token, type TokenTimes } from './source/token.js';
