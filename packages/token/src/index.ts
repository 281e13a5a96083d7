export { Authorizer, type AuthorizedRequest, type AuthorizerOptions } from './authorizer.js';
export { fetchAuthorized, type AuthorizedFetchOptions } from './fetch-authorized.js';
export {
  createClock,
  delay,
  systemClock,
  type Cancel,
  type Clock,
  type ClockOptions,
  type WakeReason,
} from './clock.js';
export { startDeadline, type Deadline } from './deadline.js';
export {
  freshTokenRejected,
  GatecastError,
  type BroadcastErrorCode,
  type ErrorCode,
  type GatecastErrorOptions,
  type PlayerErrorCode,
  type TokenErrorCode,
} from './errors.js';
export { parsePlacement, placeToken, secretOf, type PlacedRequest, type Placement } from './placement.js';
export { redact, REDACTED, redactText, redactUrl } from './redact.js';
export { refreshAtMs, refreshLeadMs, type RefreshTiming } from './refresh-schedule.js';
export { retryDelayMs, type RetryAttempt } from './retry-policy.js';
export { ServerClock } from './server-clock.js';
export { sharedTokenManager } from './shared-token-manager.js';
export type { LeaseOptions, TokenEvent, TokenLease } from './token-leases.js';
export { TokenManager, type GetOptions, type TokenManagerOptions } from './token-manager.js';
export {
  readTokenAnswer,
  readTokenValue,
  type ReadAnswer,
  type RefreshReason,
  type TokenAnswer,
  type TokenItem,
  type TokenPurpose,
  type TokenRequest,
  type TokenResponse,
} from './token-response.js';
export type { TokenState, TokenStatus } from './token-slot.js';
export {
  absentSource,
  customSource,
  endpointSource,
  literalSource,
  readRetryAfterMs,
  type CustomOptions,
  type EndpointOptions,
  type TokenFunction,
  type TokenSource,
} from './token-source.js';
export {
  isSameValue,
  numericDateToMs,
  readTokenTimes,
  type SecurityObject,
  type Token,
  type TokenTimes,
  type TokenValue,
} from './token.js';
