'use client';

export { GatecastError, tokenEndpoint, type ErrorCode, type GatecastErrorOptions } from '@gatecast/player';
export { SecurePlayer } from './secure-player.js';
export { SecureWebcaster } from './secure-webcaster.js';
export { allowVendorScripts, setPlayerMessages } from '@gatecast/player';
export { setWebcasterMessages } from '@gatecast/webcaster';
export type {
  HlsConfigOptions,
  PlayerMessages,
  PlayerSource,
  RenewSession,
  SecureControlsReplacedEvent,
  SecureEngineChangedEvent,
  SecureEntryChangedEvent,
  SecureErrorEvent,
  SecurePlayer as SecurePlayerElement,
  SecureSourceUpdatedEvent,
  SecureStreamAwaitedEvent,
  SecureTokenFailedEvent,
  SecureTokenRefreshedEvent,
  SecurityObject,
  TokenAnswer,
  TokenEndpointOptions,
  TokenFunction,
  TokenRequest,
  TokenResponse,
  TokenStatus,
} from '@gatecast/player';
export type {
  SecureBroadcastCheckEvent,
  SecureBroadcastCountdownEvent,
  SecureBroadcastMediaEvent,
  SecureBroadcastOnAirEvent,
  SecureBroadcastStateEvent,
  SecureBroadcastStatsEvent,
  SecureDevicesChangedEvent,
  SecureSendingChangedEvent,
  SecureWebcaster as SecureWebcasterElement,
  WebcasterMessages,
} from '@gatecast/webcaster';
