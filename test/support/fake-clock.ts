import type { Clock } from '@gatecast/token';
import { createClock, type ClockOptions } from '@gatecast/token/internal/time/clock';

interface FakeTimer {
  readonly dueMs: number;
  readonly callback: () => void;
}

const START_MS = Date.UTC(2030, 0, 1, 12);
/** `setTimeout` keeps its delay in 32 bits: what is longer fires at once. */
const LARGEST_DELAY_MS = 2 ** 31 - 1;

/**
 * Time that a test moves by hand, under the kit's real clock: timers run on monotonic time and stand still while the
 * machine sleeps, the wall clock does not.
 */
export class FakeClock {
  readonly clock: Clock;
  readonly document = new FakeDocument();
  readonly window = new EventTarget();
  /** Every delay that was asked of the timer, in milliseconds. */
  readonly delaysMs: number[] = [];
  readonly #timers = new Set<FakeTimer>();
  #wallMs: number;
  #monotonicMs = 0;

  constructor(wallMs = START_MS) {
    this.#wallMs = wallMs;
    this.clock = createClock(this.options);
  }

  /** The primitives, for a test that makes a clock of its own. */
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

  /** Lets time pass awake: timers fire in order, and what they started runs on before the next one. */
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

  /** Lets time pass with timers held back, as a browser does to a hidden tab; they fire once it is over. */
  async throttle(ms: number): Promise<void> {
    this.#move(ms);
    await this.advance(0);
  }

  /** The machine sleeps: the wall clock goes on, timers and monotonic time stand still. */
  sleep(ms: number): void {
    this.#wallMs += ms;
  }

  /** Someone sets the wall clock, forwards or (negative) back. */
  setWall(byMs: number): void {
    this.#wallMs += byMs;
  }

  /** The page wakes in one of the ways that a browser tells. */
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

/** Lets everything that is ready run on: a turn of the event loop comes after all microtasks. */
export function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
