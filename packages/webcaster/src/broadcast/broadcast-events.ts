import type { ErrorCode } from '@gatecast/token';
import type { BroadcastState } from './broadcast-state.js';
import type { BroadcastStats } from '../stats/broadcast-stats.js';

/**
 * Why the state changed: a call of the page, a change of the connection, or the code of an error.
 *
 * `capture-ended` is the browser's own "Stop sharing". `changed` is a new connection because of a device or setting.
 */
export type BroadcastReason =
  | 'requested'
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

/** The statistics of the connection, once a second while live. */
export class SecureBroadcastStatsEvent extends Event {
  static readonly type = 'secure-broadcast-stats';
  readonly stats: BroadcastStats;

  constructor(stats: BroadcastStats) {
    super(SecureBroadcastStatsEvent.type, { bubbles: true, composed: true });
    this.stats = stats;
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
    'secure-broadcast-stats': SecureBroadcastStatsEvent;
    'secure-devices-changed': SecureDevicesChangedEvent;
  }
}
