export {
  GatecastError,
  tokenEndpoint,
  type SecurityObject,
  type TokenFunction,
  type TokenStatus,
} from '@gatecast/token';
export type { StreamRequest, TokenFailed, TokenOptions, TokenRefreshed } from './session/token-options.js';
export type { TokenControl } from './session/open-session.js';
