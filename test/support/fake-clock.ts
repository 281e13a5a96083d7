import type { Clock } from '@gatecast/token';
import { createClock, type ClockOptions } from '@gatecast/token/internal/time/clock';

interface FakeTimer {
  readonly dueMs: number;
  readonly callback: () => void;
}

const START_MS = Date.UTC(2030, 0, 1, 12);
/** `setTimeout` stores its delay in 32 bits. Longer delays fire at once. */
const LARGEST_DELAY_MS = 2 ** 31 - 1;

/**
 * Time that a test controls, below the kit's real clock. As in a browser, timers follow monotonic time, which stops
 * while the machine sleeps; the wall clock continues.
 */
export class FakeClock {
  readonly clock: Clock;
  readonly document = new FakeDocument();
  readonly window = new EventTarget();
  /** Every delay passed to `setTimer`, in milliseconds. */
  readonly delaysMs: number[] = [];
  readonly #timers = new Set<FakeTimer>();
  #wallMs: number;
  #monotonicMs = 0;

  constructor(wallMs = START_MS) {
    this.#wallMs = wallMs;
    this.clock = createClock(this.options);
  }

  /** The primitives, for tests that create their own clock. */
  get options(): ClockOptions {
    return {
      wallNow: () => this.#wallMs,
      monotonicNow: () => this.#monotonicMs,
      setTimer: (callback, delayMs) => {
        this.delaysMs.push(delayMs);
        const isSound = delayMs >= 0 && delayMs <= LARGEST_DELAY_MS;
        const timer: FakeTimer = { dueMs: this.#monotonicMs + (isSound ? delayMs : 0), callback };
        this.#timers.add(timer);
        return timer;
      },
      clearTimer: (timer) => {
        this.#timers.delete(timer as FakeTimer);
      },
      document: this.document,
      window: this.window,
    };
  }

  get wallMs(): number {
    return this.#wallMs;
  }

  get timerCount(): number {
    return this.#timers.size;
  }

  /** Advances time: timers fire in order, and pending promises settle after each one. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#monotonicMs + ms;
    await settle();
    for (let next = this.#next(); next && next.dueMs <= untilMs; next = this.#next()) {
      this.#move(Math.max(0, next.dueMs - this.#monotonicMs));
      this.#timers.delete(next);
      next.callback();
      await settle();
    }
    this.#move(untilMs - this.#monotonicMs);
    await settle();
  }

  /** Advances time without timers, as in a throttled hidden tab. Due timers fire at the end. */
  async throttle(ms: number): Promise<void> {
    this.#move(ms);
    await this.advance(0);
  }

  /** Simulates sleep: the wall clock advances, timers and monotonic time do not. */
  sleep(ms: number): void {
    this.#wallMs += ms;
  }

  /** Simulates a user who sets the wall clock forward, or back with a negative value. */
  setWall(byMs: number): void {
    this.#wallMs += byMs;
  }

  /** Dispatches one of the events with which a browser reports that a page wakes. */
  async wake(reason: 'visible' | 'pageshow' | 'online'): Promise<void> {
    switch (reason) {
      case 'visible':
        this.document.dispatchEvent(new Event('visibilitychange'));
        break;
      case 'pageshow':
        this.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
        break;
      case 'online':
        this.window.dispatchEvent(new Event('online'));
    }
    await settle();
  }

  #move(ms: number): void {
    this.#wallMs += ms;
    this.#monotonicMs += ms;
  }

  #next(): FakeTimer | undefined {
    let first: FakeTimer | undefined;
    for (const timer of this.#timers) if (!first || timer.dueMs < first.dueMs) first = timer;
    return first;
  }
}

class FakeDocument extends EventTarget {
  visibilityState: 'visible' | 'hidden' = 'visible';
}

/** Resolves after all microtasks, in a later turn of the event loop. Browsers have no `setImmediate`. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve);
  });
}
