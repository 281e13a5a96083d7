import type { Cancel, Clock } from '@gatecast/token';
import type { VendorEventData } from './vendor-player.js';

/** How an update of the source ended. */
export type UpdateOutcome = 'success' | 'fail' | 'equalsource' | 'superseded' | 'frequency' | 'timeout';

export interface UpdateQueueOptions {
  readonly clock: Clock;
  /** Calls `updateSource` with the source as it is to be at that moment. */
  readonly send: () => void;
  readonly onOutcome: (outcome: UpdateOutcome) => void;
}

/** Two calls within half a second: the vendor's player drops the second. */
const INTERVAL_MS = 600;
/** The vendor's own limit for a switch is 30 s at most. */
const OUTCOME_TIMEOUT_MS = 35_000;

/**
 * Updates of the vendor's source: one in flight, far enough apart, and what is wanted meanwhile is one more. How one
 * ended is told by events, since the call's promise settles before anything is known.
 */
export class UpdateQueue {
  readonly #options: UpdateQueueOptions;
  #isWanted = false;
  #isInFlight = false;
  /** The vendor's number for the update in flight; comes with its first event. */
  #id: number | null = null;
  #lastSentMs = -Infinity;
  #cancelAlarm: Cancel | null = null;

  constructor(options: UpdateQueueOptions) {
    this.#options = options;
  }

  get isInFlight(): boolean {
    return this.#isInFlight;
  }

  /** Wants an update, now or as soon as one may be sent. */
  request(): void {
    this.#isWanted = true;
    this.#next();
  }

  /** The player has stopped with an error, and with it whatever was in flight. */
  abandon(): void {
    this.#isInFlight = false;
    this.#id = null;
    this.#cancel();
    this.#next();
  }

  stop(): void {
    this.#isWanted = false;
    this.#isInFlight = false;
    this.#cancel();
  }

  onInit({ id }: VendorEventData): void {
    if (this.#isInFlight) this.#id ??= id ?? null;
  }

  onSuccess(data: VendorEventData): void {
    if (this.#isOurs(data)) this.#settle('success');
  }

  onFail(data: VendorEventData): void {
    if (this.#isOurs(data)) this.#settle('fail');
  }

  onAbort(data: VendorEventData): void {
    if (!this.#isOurs(data)) return;
    const { reason } = data;
    if (reason === 'equalsource' || reason === 'superseded') {
      this.#settle(reason);
      return;
    }
    // Too soon after another: it was not applied, so it is still wanted.
    this.#isWanted = true;
    this.#settle('frequency');
  }

  /** An update that was superseded is reported by the other event, which also reports the player's own switches. */
  onSwitchAbort(data: VendorEventData): void {
    const isSwitch = data.type === 'up' || data.type === 'down' || data.type === 'direct';
    if (!isSwitch && data.reason === 'superseded') this.onAbort(data);
  }

  #isOurs({ id }: VendorEventData): boolean {
    return this.#isInFlight && (this.#id === null || id === undefined || id === this.#id);
  }

  #settle(outcome: UpdateOutcome): void {
    this.#isInFlight = false;
    this.#id = null;
    this.#cancel();
    this.#options.onOutcome(outcome);
    this.#next();
  }

  #next(): void {
    if (!this.#isWanted || this.#isInFlight) return;
    this.#cancel();
    const { clock, send } = this.#options;
    const waitMs = this.#lastSentMs + INTERVAL_MS - clock.now();
    if (waitMs > 0) {
      this.#cancelAlarm = clock.at(clock.now() + waitMs, () => {
        this.#next();
      });
      return;
    }
    this.#isWanted = false;
    this.#isInFlight = true;
    this.#lastSentMs = clock.now();
    this.#cancelAlarm = clock.at(clock.now() + OUTCOME_TIMEOUT_MS, () => {
      this.#settle('timeout');
    });
    send();
  }

  #cancel(): void {
    this.#cancelAlarm?.();
    this.#cancelAlarm = null;
  }
}
