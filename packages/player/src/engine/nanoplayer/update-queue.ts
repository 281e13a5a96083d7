import type { Cancel, Clock } from '@gatecast/token';
import type { VendorEventData } from './vendor-player.js';

/** The outcome of an update of the source; `stopped` when the queue was stopped before it was known. */
export type UpdateOutcome =
  'success' | 'fail' | 'equalsource' | 'superseded' | 'frequency' | 'timeout' | 'stopped';

/** How a requested update ended. */
export interface UpdateResult {
  readonly outcome: Exclude<UpdateOutcome, 'frequency' | 'superseded'>;
  /** The vendor's error code, if it gave one. */
  readonly code: number | undefined;
  /** The source as the player has completed it, after a success. */
  readonly source?: unknown;
}

interface Caller {
  readonly resolve: (result: UpdateResult) => void;
  readonly onSent: (() => void) | undefined;
}

export interface UpdateQueueOptions {
  readonly clock: Clock;
  /** Calls `updateSource` with the source for that moment. */
  readonly send: () => void;
  readonly onOutcome: (outcome: UpdateOutcome) => void;
}

/** The vendor's player drops a call within half a second of another. */
const INTERVAL_MS = 600;
/** Above the vendor's own limit for a switch, at most 30 s. */
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
  /** Instant of the last update or of the last switch of the player: both count for its interval. */
  #lastSentMs = -Infinity;
  /** During a switch of the player, which aborts updates, the instant at which it has ended at the latest. */
  #switchEndMs = -Infinity;
  /** Callers that wait for the next update, and for the one in flight. */
  #nextCallers: Caller[] = [];
  #callers: Caller[] = [];
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

  /**
   * Requests an update and waits for its outcome. One that the player aborts is sent again.
   *
   * @param onSent - called each time it is sent.
   */
  complete(onSent?: () => void): Promise<UpdateResult> {
    return new Promise((resolve) => {
      this.#nextCallers.push({ resolve, onSent });
      this.request();
    });
  }

  /** The player has stopped with an error, which also ended the update in flight. */
  abandon(code?: number): void {
    this.#isInFlight = false;
    this.#id = null;
    this.#cancel();
    this.#answer({ outcome: 'fail', code });
    this.#next();
  }

  stop(): void {
    this.#isWanted = false;
    this.#isInFlight = false;
    this.#cancel();
    this.#callers.push(...this.#nextCallers.splice(0));
    this.#answer({ outcome: 'stopped', code: undefined });
  }

  /** The player has begun to switch by itself. */
  onSwitchStarted(): void {
    const nowMs = this.#options.clock.now();
    this.#lastSentMs = nowMs;
    this.#switchEndMs = nowMs + OUTCOME_TIMEOUT_MS;
  }

  /** The player has ended its switch. */
  onSwitchEnded(): void {
    this.#switchEndMs = -Infinity;
    this.#next();
  }

  onInit({ id }: VendorEventData): void {
    if (this.#isInFlight) this.#id ??= id ?? null;
  }

  onSuccess(data: VendorEventData): void {
    if (this.#isOurs(data)) this.#settle('success', data);
  }

  onFail(data: VendorEventData): void {
    if (this.#isOurs(data)) this.#settle('fail', data);
  }

  onAbort(data: VendorEventData): void {
    if (!this.#isOurs(data)) return;
    const { reason } = data;
    if (reason === 'equalsource') {
      this.#settle(reason);
      return;
    }
    // Too soon after another one, or superseded by a switch of the player, which has no fresh tokens.
    const isWaitedFor = this.#callers.length > 0;
    if (reason !== 'superseded' || isWaitedFor) this.#isWanted = true;
    this.#settle(reason === 'superseded' ? 'superseded' : 'frequency');
  }

  /** A superseded update is reported by this event, which also reports the player's own switches. */
  onSwitchAbort(data: VendorEventData): void {
    const isSwitch = data.type === 'up' || data.type === 'down' || data.type === 'direct';
    if (!isSwitch && data.reason === 'superseded') this.onAbort(data);
  }

  #isOurs({ id }: VendorEventData): boolean {
    return this.#isInFlight && (this.#id === null || id === undefined || id === this.#id);
  }

  #settle(outcome: UpdateOutcome, { code, source }: VendorEventData = {}): void {
    this.#isInFlight = false;
    this.#id = null;
    this.#cancel();
    this.#options.onOutcome(outcome);
    if (outcome === 'frequency' || outcome === 'superseded') {
      this.#nextCallers.unshift(...this.#callers.splice(0));
    } else this.#answer({ outcome, code, source });
    this.#next();
  }

  #answer(result: UpdateResult): void {
    for (const { resolve } of this.#callers.splice(0)) resolve(result);
  }

  #next(): void {
    if (!this.#isWanted || this.#isInFlight) return;
    this.#cancel();
    const { clock, send } = this.#options;
    const waitMs = Math.max(this.#lastSentMs + INTERVAL_MS, this.#switchEndMs) - clock.now();
    if (waitMs > 0) {
      this.#cancelAlarm = clock.at(clock.now() + waitMs, () => {
        this.#next();
      });
      return;
    }
    this.#isWanted = false;
    this.#isInFlight = true;
    this.#callers = this.#nextCallers.splice(0);
    this.#lastSentMs = clock.now();
    this.#cancelAlarm = clock.at(clock.now() + OUTCOME_TIMEOUT_MS, () => {
      this.#settle('timeout');
    });
    for (const { onSent } of this.#callers) onSent?.();
    send();
  }

  #cancel(): void {
    this.#cancelAlarm?.();
    this.#cancelAlarm = null;
  }
}
