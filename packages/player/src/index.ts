export type { AudioOutputDevice } from './audio-output/audio-devices.js';
export type { SecureAudioOutputChangedEvent } from './audio-output/audio-output-changed-event.js';
export {
  SecureControlsReplacedEvent,
  SecureEntryChangedEvent,
  SecureSourceUpdatedEvent,
  SecureStreamAwaitedEvent,
} from './element/player-events.js';
export type { EntryChangeReason, Rendition } from './engine/engine.js';
export type {
  DrmOptions,
  DrmServer,
  EngineName,
  HlsConfigOptions,
  SecureViewerCountEvent,
  WhepConfig,
} from './engine/registry.js';
export { setPlayerMessages, type PlayerMessages } from './messages/message-tables.js';
export { VideoRenditionList, type VideoRendition } from './media/video-rendition-list.js';
export type { EngineChangeReason, SecureEngineChangedEvent } from './playback/ways/engine-changed-event.js';
export type { UpdateStatus } from './playback/change-source.js';
export { SecurePlayer } from './secure-player.js';
export type {
  BintuStream,
  H5LiveConfig,
  PlayerSource,
  SourceEntry,
  SourceEntryInfo,
} from './source/player-source.js';
export {
  listVendorOrigins,
  readVendorParameters,
  type VendorParametersOptions,
} from './source/read-vendor-parameters.js';
export { allowVendorScripts, type VendorScript } from '@gatecast/element';
export { SecureErrorEvent, SecureTokenFailedEvent, SecureTokenRefreshedEvent } from '@gatecast/element';
export { GatecastError, tokenEndpoint, type ErrorCode, type GatecastErrorOptions } from '@gatecast/token';
export type {
  RefreshReason,
  RenewSession,
  SecurityObject,
  TokenAnswer,
  TokenEndpointOptions,
  TokenFunction,
  TokenItem,
  TokenRequest,
  TokenResponse,
  TokenStatus,
} from '@gatecast/token';
