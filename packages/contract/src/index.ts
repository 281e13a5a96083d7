export { jwtClaims } from './jwt-claims.js';
export { isNumericDate, looksLikeMilliseconds, toNumericDate, type NumericDate } from './numeric-date.js';
export { nearestName } from './nearest-name.js';
export { needsFullBuild } from './needs-full-build.js';
export { isRenewedByOrigin, ownEnds } from './own-ends.js';
export {
  peekPlaylist,
  pickVariant,
  readsQuery,
  resolveUri,
  UNKNOWN_BANDWIDTH_BPS,
  type ByteRange,
  type PeekedPlaylist,
  type PeekedResource,
  type PeekedVariant,
  type PlaybackBegin,
} from './peek-playlist.js';
export {
  addQuery,
  encodeInQuery,
  entryOfParts,
  partsFor,
  partsOfRequest,
  placeParts,
  queryFields,
  queryValues,
  signedSegment,
  splitPath,
  type PartsTarget,
  type PlacedParts,
} from './place-parts.js';
export { startLine, type StartLineOptions } from './start-line.js';
export { START_SCRIPT, START_SCRIPT_HASH } from './start-script.js';
export {
  findStarted,
  startedByPage,
  startedRequests,
  takeStarted,
  type StartedByLine,
  type StartedRequest,
} from './started-requests.js';
export {
  LONGEST_STREAM_NAME,
  streamNameFault,
  type StreamName,
  type StreamNameFault,
} from './stream-name.js';
export { streamNameOf } from './stream-name-of.js';
export {
  refreshReasons,
  tokenPurposes,
  type AnnouncedMedia,
  type RefreshReason,
  type PartedToken,
  type SecurityObject,
  type TokenAnswer,
  type TokenFields,
  type TokenItem,
  type TokenPart,
  type TokenPurpose,
  type TokenRequest,
  type TokenResponse,
  type TokenValue,
} from './token-endpoint.js';
export { endpointName, tokenRequestInit } from './token-fetch.js';
export { tokenProblemStatus, type TokenProblem, type TokenProblemCode } from './token-problem.js';
