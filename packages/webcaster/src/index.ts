export {
  SecureBroadcastMediaEvent,
  SecureBroadcastStateEvent,
  SecureBroadcastStatsEvent,
  SecureCaptureChangedEvent,
  SecureDevicesChangedEvent,
  SecureSendingChangedEvent,
  type BroadcastReason,
  type MediaReason,
  type MediaStatus,
  type SendingLimit,
  type SendingStatus,
} from './broadcast/broadcast-events.js';
export {
  SecureBroadcastCheckEvent,
  SecureBroadcastCountdownEvent,
  SecureBroadcastOnAirEvent,
} from './broadcast/start-events.js';
export { SecureRecordingEvent } from './broadcast/recording-event.js';
export type { OnAirReason } from './broadcast/server-word.js';
export type { BroadcastState } from './broadcast/broadcast-state.js';
export type { MuteChange } from './capture/capture.js';
export type {
  AudioMode,
  CaptureKind,
  CaptureOptions,
  DeviceChange,
  TrackKind,
} from './capture/capture-request.js';
export type { BroadcastDevice, BroadcastDevices } from './capture/device-list.js';
export { WebcasterElement } from './element/webcaster-element.js';
export type { DeviceLoss, WebcasterOptions } from './element/webcaster-options.js';
export type {
  RecordingEnd,
  RecordingOptions,
  RecordingStatus,
  RecordingTarget,
} from './composition/chunk-recorder.js';
export type { PictureLayout } from './composition/layout-names.js';
export type { Overlay, OverlayPosition, Overlays } from './composition/overlay.js';
export { setWebcasterMessages, type WebcasterMessages } from './messages/message-tables.js';
export type {
  CheckCode,
  CheckFinding,
  CheckItem,
  CheckName,
  CheckReport,
  CheckResult,
  CheckVerdict,
} from './preflight/check-report.js';
export type { DegradationPreference, DegradationSetting } from './publisher/broadcast-target.js';
export type { VideoCodec, VideoCodecName } from './publisher/video-codecs.js';
export type { PublisherName } from './publisher/registry.js';
export { SecureWebcaster } from './secure-webcaster.js';
export type { BroadcastStats, ConnectionQuality } from './stats/broadcast-stats.js';
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
