import type { ErrorCode } from '@gatecast/token';
import type { CaptureKind, TrackKind } from '../capture/capture-request.js';
import type { BroadcastState } from './broadcast-state.js';
import type { BroadcastStats } from '../stats/broadcast-stats.js';

/**
 * Why the state changed: a call of the page, a change of the connection, or the code of an error.
 *
 * `countdown` begins one; with `countdown-missed`, the device slept over its end. `capture-ended` is the browser's own "Stop sharing". `changed` is a new connection because of a device or setting.
 * `session-ended`: the server has ended the session, and a new one is opened.
 */
export type BroadcastReason =
  | 'requested'
  | 'countdown'
  | 'countdown-missed'
  | 'session-ended'
  | 'connected'
  | 'reconnected'
  | 'changed'
  | 'capture-ended'
  | 'removed'
  | 'page-left'
  | ErrorCode;

/** The element's `state` changed. */
export class SecureBroadcastStateEvent extends Event {
  static readonly type = 'secure-broadcast-state';
  readonly state: BroadcastState;
  readonly previous: BroadcastState;
  readonly reason: BroadcastReason;

  constructor(details: { state: BroadcastState; previous: BroadcastState; reason: BroadcastReason }) {
    super(SecureBroadcastStateEvent.type, { bubbles: true, composed: true });
    this.state = details.state;
    this.previous = details.previous;
    this.reason = details.reason;
  }
}

/**
 * What becomes of sound or video.
 *
 * - `off`: it is not captured.
 * - `on`: its device, or the page, gives it. Muting by the user does not count.
 * - `lost`: its device is gone or held back. Viewers get what `device-loss` says.
 * - `replaced`: its device is gone, and another one has taken over.
 * - `refused`: the ingest does not receive it, and `allow-partial` is set.
 */
export type MediaStatus = 'off' | 'on' | 'lost' | 'replaced' | 'refused';

/**
 * Why the status of sound or video changed.
 *
 * `opened` and `ended` are the capture's begin and end, or the broadcast's. `device-ended`: the device is gone, or the page
 * may no longer use it. `device-muted`: the system or another program holds it back. `device-replaced`: another device took
 * over. `device-returned`: it gives media again. `ingest-refused`: the ingest does not receive this kind of media.
 */
export type MediaReason =
  | 'opened'
  | 'ended'
  | 'device-ended'
  | 'device-muted'
  | 'device-replaced'
  | 'device-returned'
  | 'ingest-refused';

/** The status of sound or video in `mediaStatus` changed: for example, the camera was unplugged, or is back. */
export class SecureBroadcastMediaEvent extends Event {
  static readonly type = 'secure-broadcast-media';
  readonly kind: TrackKind;
  readonly status: MediaStatus;
  readonly previous: MediaStatus;
  readonly reason: MediaReason;

  constructor(details: { kind: TrackKind; status: MediaStatus; previous: MediaStatus; reason: MediaReason }) {
    super(SecureBroadcastMediaEvent.type, { bubbles: true, composed: true });
    this.kind = details.kind;
    this.status = details.status;
    this.previous = details.previous;
    this.reason = details.reason;
  }
}

/** The statistics of the connection, once a second while live. */
export class SecureBroadcastStatsEvent extends Event {
  static readonly type = 'secure-broadcast-stats';
  readonly stats: BroadcastStats;

  constructor(stats: BroadcastStats) {
    super(SecureBroadcastStatsEvent.type, { bubbles: true, composed: true });
    this.stats = stats;
  }
}

/** Why less is sent than the settings allow: `network`, or `device` when it cannot encode that much. */
export type SendingLimit = 'network' | 'device';

/**
 * The network or this device begins to take less than the settings allow, the size that is sent changes meanwhile, or nothing limits
 * it any longer.
 */
export class SecureSendingChangedEvent extends Event {
  static readonly type = 'secure-sending-changed';
  /** `null` when nothing limits what is sent. */
  readonly reason: SendingLimit | null;
  /** Of the largest picture that is sent; `null` if not known. */
  readonly width: number | null;
  readonly height: number | null;
  readonly framesPerSecond: number | null;
  /** Kilobits per second. */
  readonly videoKbps: number | null;
  /** In English, for a log. */
  readonly message: string;

  constructor(status: SendingStatus) {
    super(SecureSendingChangedEvent.type, { bubbles: true, composed: true });
    this.reason = status.reason;
    this.width = status.width;
    this.height = status.height;
    this.framesPerSecond = status.framesPerSecond;
    this.videoKbps = status.videoKbps;
    this.message = status.message;
  }
}

/** What is sent while something limits it, or again without a limit. */
export type SendingStatus = Omit<SecureSendingChangedEvent, keyof Event>;

/** The element itself changed `capture`: the user has ended the screen with the browser's own "Stop sharing". */
export class SecureCaptureChangedEvent extends Event {
  static readonly type = 'secure-capture-changed';
  readonly capture: CaptureKind;
  readonly previous: CaptureKind;
  readonly reason = 'screen-ended';

  constructor(details: { capture: CaptureKind; previous: CaptureKind }) {
    super(SecureCaptureChangedEvent.type, { bubbles: true, composed: true });
    this.capture = details.capture;
    this.previous = details.previous;
  }
}

/** The list in the element's `devices` changed. */
export class SecureDevicesChangedEvent extends Event {
  static readonly type = 'secure-devices-changed';

  constructor() {
    super(SecureDevicesChangedEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'secure-broadcast-state': SecureBroadcastStateEvent;
    'secure-broadcast-media': SecureBroadcastMediaEvent;
    'secure-broadcast-stats': SecureBroadcastStatsEvent;
    'secure-sending-changed': SecureSendingChangedEvent;
    'secure-capture-changed': SecureCaptureChangedEvent;
    'secure-devices-changed': SecureDevicesChangedEvent;
  }
}
