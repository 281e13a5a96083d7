import type { CheckItem, CheckReport } from '../preflight/check-report.js';
import type { OnAirReason } from './server-word.js';

/**
 * The server said whether it receives the broadcast. `isOnAir` is `null` when that is not known; with the reason `stopped`, the
 * broadcast has ended here.
 */
export class SecureBroadcastOnAirEvent extends Event {
  static readonly type = 'secure-broadcast-on-air';
  readonly isOnAir: boolean | null;
  readonly reason: OnAirReason | 'stopped';
  /** Never the own connection. */
  readonly source = 'server';

  constructor(details: Pick<SecureBroadcastOnAirEvent, 'isOnAir' | 'reason'>) {
    super(SecureBroadcastOnAirEvent.type, { bubbles: true, composed: true });
    this.isOnAir = details.isOnAir;
    this.reason = details.reason;
  }
}

/** Another second of the countdown. The connection opens at 0. */
export class SecureBroadcastCountdownEvent extends Event {
  static readonly type = 'secure-broadcast-countdown';
  readonly remainingSeconds: number;

  constructor(remainingSeconds: number) {
    super(SecureBroadcastCountdownEvent.type, { bubbles: true, composed: true });
    this.remainingSeconds = remainingSeconds;
  }
}

/**
 * A check before the broadcast goes on: a step is done (`running`), all are (`done`), or it was ended before (`cancelled`).
 */
export class SecureBroadcastCheckEvent extends Event {
  static readonly type = 'secure-broadcast-check';
  readonly state: 'running' | 'done' | 'cancelled';
  /** The steps that are done. */
  readonly checks: readonly CheckItem[];
  /** `null` until all steps are done. */
  readonly report: CheckReport | null;

  constructor(details: Pick<SecureBroadcastCheckEvent, 'state' | 'checks' | 'report'>) {
    super(SecureBroadcastCheckEvent.type, { bubbles: true, composed: true });
    this.state = details.state;
    this.checks = details.checks;
    this.report = details.report;
  }
}

declare global {
  interface HTMLElementEventMap {
    'secure-broadcast-on-air': SecureBroadcastOnAirEvent;
    'secure-broadcast-check': SecureBroadcastCheckEvent;
    'secure-broadcast-countdown': SecureBroadcastCountdownEvent;
  }
}
