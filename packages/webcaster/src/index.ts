export {
  SecureBroadcastStateEvent,
  SecureBroadcastStatsEvent,
  SecureDevicesChangedEvent,
  type BroadcastReason,
} from './broadcast/broadcast-events.js';
export { SecureErrorEvent, SecureTokenFailedEvent, SecureTokenRefreshedEvent } from '@gatecast/element';
export { isOnAir, nextState, type BroadcastMove, type BroadcastState } from './broadcast/broadcast-state.js';
export { setWebcasterMessages, type WebcasterMessages } from './messages/message-tables.js';
export { SecureWebcaster } from './secure-webcaster.js';
export type { BroadcastStats, ConnectionQuality } from './stats/broadcast-stats.js';
export type {
  BroadcastDevice,
  BroadcastDevices,
  CaptureKind,
  DeviceChange,
  MuteChange,
  PublisherName,
  VideoCodec,
  WebcasterOptions,
} from './element/webcaster-options.js';
