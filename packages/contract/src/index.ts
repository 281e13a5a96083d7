export { isNumericDate, looksLikeMilliseconds, toNumericDate, type NumericDate } from './numeric-date.js';
export {
  LONGEST_STREAM_NAME,
  streamNameFault,
  type StreamName,
  type StreamNameFault,
} from './stream-name.js';
export {
  refreshReasons,
  tokenPurposes,
  type RefreshReason,
  type SecurityObject,
  type TokenAnswer,
  type TokenItem,
  type TokenPurpose,
  type TokenRequest,
  type TokenResponse,
  type TokenValue,
} from './token-endpoint.js';
export { tokenProblemStatus, type TokenProblem, type TokenProblemCode } from './token-problem.js';
