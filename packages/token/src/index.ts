export type {
  RefreshReason,
  PartedToken,
  SecurityObject,
  TokenAnswer,
  TokenFields,
  TokenItem,
  TokenPart,
  TokenPurpose,
  TokenRequest,
  TokenResponse,
  TokenValue,
} from '@gatecast/contract';
export { nearestName, ownEnds } from '@gatecast/contract';
export {
  checkOptions,
  readAsOption,
  wrongOption,
  type OptionKind,
  type OptionRule,
} from './check-options.js';
export {
  GatecastError,
  type AccessEndCode,
  type BroadcastErrorCode,
  type ErrorCode,
  type GatecastErrorOptions,
  type PlayerErrorCode,
  type TokenErrorCode,
} from './errors.js';
export type { TokenEndpointOptions } from './endpoint/endpoint-options.js';
export type { RenewSession } from './endpoint/session-renewal.js';
export { tokenEndpoint } from './endpoint/token-endpoint.js';
export type { LeaseOptions, TokenEvent, TokenLease } from './manager/token-leases.js';
export type { RenewToken } from './manager/manager-context.js';
export { TokenManager, type GetOptions, type TokenManagerOptions } from './manager/token-manager.js';
export type { RenewalReason, TokenCarrier, TokenState, TokenStatus } from './manager/token-slot.js';
export { isAccessEnd } from './failure/access-end.js';
export { explainUnreachable } from './failure/explain-unreachable.js';
export { lazyPart, type LazyPart, type LazyPartOptions, type PartRequest } from './failure/lazy-part.js';
export { outlook, type FailureHistory, type Outlook } from './failure/failure-policy.js';
export { RequestBudget } from './failure/request-budget.js';
export { retryDelayMs, type RetryAttempt } from './failure/retry-delay.js';
export { moveTokenManager, sharedTokenManager } from './manager/shared-token-manager.js';
export { isOwnToken } from './known-secrets.js';
export { redact, redactText, redactUrl } from './redact.js';
export type { ProofContext } from './dpop/proof-context.js';
export { proveRequests, type ProveRequests } from './dpop/prove-requests.js';
export { Authorizer, type AuthorizedRequest, type AuthorizerOptions } from './request/authorizer.js';
export { fetchAuthorized, type AuthorizedFetchOptions } from './request/fetch-authorized.js';
export { invalidSource, tooLargeSource, unreachableSource } from './request/media-errors.js';
export { parseOrigins } from './request/parse-origins.js';
export { entryOf } from './request/place-parts.js';
export { markTokens, parsePlacement, plainToken, secretOf, type Placement } from './request/placement.js';
export {
  isRefusal,
  requestMedia,
  type EditPlaylist,
  type MediaRequest,
  type MediaRequestOptions,
  type MediaResponse,
  type MediaTiming,
} from './request/request-media.js';
export {
  keptUrl,
  replaceAfterFailure,
  type FailedAnswer,
  type FailedRequest,
} from './request/replace-after-failure.js';
export { withFreshToken, type FreshTokenSteps, type TokenUse } from './request/with-fresh-token.js';
export type { AnsweredMedia } from './source/answered-media.js';
export { EventParser, type ServerEvent } from './source/event-parser.js';
export { readBody, readText, type BodyOptions } from './source/read-body.js';
export { readRetryAfterMs } from './source/read-answer.js';
export {
  customSource,
  endpointSource,
  noSource,
  noTokenSource,
  type CustomOptions,
  type EndpointOptions,
  type TokenFunction,
  type TokenSource,
  type TokenSourceOptions,
} from './source/token-source.js';
export type { TabChannel, TabEnvironment, TabLocks, TabScope } from './source/tab-scope.js';
export { isSameValue, type Token } from './source/token.js';
export { delay, systemClock, type Cancel, type Clock, type WakeReason } from './time/clock.js';
export { startDeadline, type Deadline } from './time/deadline.js';
export type { ServerClock } from './time/server-clock.js';
export { settlesWithin } from './time/settles-within.js';
