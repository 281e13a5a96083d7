import type { Cancel, Clock } from '@gatecast/token';
import type { VendorEventData } from './vendor-player.js';

/** The outcome of an update of the source. */
export type UpdateOutcome = 'success' | 'fail' | 'equalsource' | 'superseded' | 'frequency' | 'timeout';

export interface UpdateQueueOptions {
  readonly clock: Clock;
  /** Calls `updateSource` with the source for that moment. */
  readonly send: () => void;
  readonly onOutcome: (outcome: UpdateOutcome) => void;
}

/** The vendor's player drops a call within half a second of another. */
const INTERVAL_MS = 600;
/** Above the vendor's own limit for a switch, 30 s. */
const OUTCOME_TIMEOUT_MS = 35_000;

/**
 * Sends updates of the vendor's source one at a time and with enough time between them; requests during an update are
 * one more update. Events report the outcome, because the promise of the call settles before it is known.
 */
export class UpdateQueue {
  readonly #options: UpdateQueueOptions;
  #isWanted = false;
  #isInFlight = false;
  /** The vendor's id of the update in flight, known from its first event. */
  #id: number | null = null;
  #lastSentMs = -Infinity;
  #cancelAlarm: Cancel | null = null;

  constructor(options: UpdateQueueOptions) {
    this.#options = options;
  }

  get isInFlight(): boolean {
    return this.#isInFlight;
  }

  /** Requests an update, now or as soon as one may be sent. */
  request(): void {
    this.#isWanted = true;
    this.#next();
  }

  /** The player has stopped with an error, which also ended the update in flight. */
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
    // Too soon after another one: it was not applied and must be sent again.
    this.#isWanted = true;
    this.#settle('frequency');
  }

  /** A superseded update is reported by this event, which also reports the player's own switches. */
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
