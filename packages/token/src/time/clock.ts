import { callSafely } from './call-safely.js';

/** Cancels an alarm or removes a listener; calling it again does nothing. */
export type Cancel = () => void;

/** Why the page woke: it became visible, returned from the back/forward cache, or the network is back. */
export type WakeReason = 'visible' | 'pageshow' | 'online';

/**
 * A wall clock that stays right after sleep and never runs backwards, with alarms.
 *
 * Instants are milliseconds since the epoch by the client's clock, which may be wrong; see `ServerClock`.
 */
export interface Clock {
  now(): number;
  /**
   * Calls back once when `now()` has reached `deadlineMs`, even if that happened during sleep.
   *
   * @throws TypeError when the deadline is not a number.
   */
  at(deadlineMs: number, callback: () => void): Cancel;
  /** Calls back each time the page wakes. */
  onWake(callback: (reason: WakeReason) => void): Cancel;
  /** Number of pending alarms and listeners; 0 when every element has been removed. */
  readonly pending: number;
}

export interface ClockOptions {
  /** @defaultValue `Date.now` */
  wallNow?: () => number;
  /** Milliseconds since a fixed point; may stop during sleep. @defaultValue `performance.now` */
  monotonicNow?: () => number;
  setTimer?: (callback: () => void, delayMs: number) => unknown;
  clearTimer?: (timer: unknown) => void;
  /** Where `visibilitychange` comes from. @defaultValue `document`, where there is one */
  document?: (EventTarget & { readonly visibilityState: string }) | undefined;
  /** Where `pageshow` and `online` come from. @defaultValue `window`, where there is one */
  window?: EventTarget | undefined;
}

/** Longest timer. A longer one may be throttled, frozen with the page, or overflow. */
const SLICE_MS = 1000;
/** If the wall clock moves this much more than the monotonic one, the device slept or the clock was set. */
const STEP_MS = 1000;

interface Alarm {
  readonly deadlineMs: number;
  readonly callback: () => void;
}

/** Creates a clock; {@link systemClock} is the one that all elements of a page share. */
export function createClock(options: ClockOptions = {}): Clock {
  const wallNow = options.wallNow ?? (() => Date.now());
  const monotonicNow = options.monotonicNow ?? (() => performance.now());
  const setTimer = options.setTimer ?? ((callback, delayMs) => setTimeout(callback, delayMs));
  const clearTimer =
    options.clearTimer ??
    ((timer) => {
      clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
    });
  const page = options.document ?? (typeof document === 'undefined' ? undefined : document);
  const view = options.window ?? (typeof window === 'undefined' ? undefined : window);

  const alarms = new Set<Alarm>();
  const wakers = new Set<(reason: WakeReason) => void>();
  let timer: unknown;
  let listeners: AbortController | undefined;
  let baseMs = wallNow();
  let anchorWallMs = baseMs;
  let anchorMonotonicMs = monotonicNow();

  function now(): number {
    const wallMs = wallNow();
    const elapsedMs = monotonicNow() - anchorMonotonicMs;
    const driftMs = wallMs - anchorWallMs - elapsedMs;
    if (Math.abs(driftMs) < STEP_MS) return baseMs + elapsedMs;
    // Forward: the device slept or its clock was set. Both count as elapsed time, the worst case for a token.
    // Backward: the clock was set, and time continues from where it was.
    baseMs += elapsedMs + Math.max(0, driftMs);
    anchorWallMs = wallMs;
    anchorMonotonicMs += elapsedMs;
    return baseMs;
  }

  function run(): void {
    timer = undefined;
    const nowMs = now();
    for (const alarm of [...alarms]) {
      if (alarm.deadlineMs <= nowMs && alarms.delete(alarm)) callSafely(alarm.callback);
    }
    arm();
  }

  function arm(): void {
    if (timer !== undefined) clearTimer(timer);
    timer = undefined;
    listen();
    if (alarms.size === 0) return;
    const nextMs = Math.min(...Array.from(alarms, (alarm) => alarm.deadlineMs));
    timer = setTimer(run, Math.min(SLICE_MS, Math.max(0, nextMs - now())));
  }

  function listen(): void {
    const isNeeded = alarms.size + wakers.size > 0;
    if (!isNeeded) {
      listeners?.abort();
      listeners = undefined;
      return;
    }
    if (listeners) return;
    listeners = new AbortController();
    const { signal } = listeners;
    const wake = (reason: WakeReason) => {
      for (const waker of [...wakers]) {
        callSafely(() => {
          waker(reason);
        });
      }
      run();
    };
    page?.addEventListener(
      'visibilitychange',
      () => {
        if (page.visibilityState === 'visible') wake('visible');
      },
      { signal },
    );
    view?.addEventListener(
      'pageshow',
      (event) => {
        if ((event as PageTransitionEvent).persisted) wake('pageshow');
      },
      { signal },
    );
    view?.addEventListener(
      'online',
      () => {
        wake('online');
      },
      { signal },
    );
  }

  return {
    now,
    at(deadlineMs, callback) {
      // `setTimeout` treats NaN as 0, and a deadline of NaN is never reached: the timer would fire in a hot loop.
      if (Number.isNaN(deadlineMs)) throw new TypeError('A deadline must be a number of milliseconds.');
      const alarm: Alarm = { deadlineMs, callback };
      alarms.add(alarm);
      arm();
      return () => {
        if (alarms.delete(alarm)) arm();
      };
    },
    onWake(callback) {
      // Wrapped, so that the same function can be registered twice.
      const waker = (reason: WakeReason) => {
        callback(reason);
      };
      wakers.add(waker);
      listen();
      return () => {
        if (wakers.delete(waker)) listen();
      };
    },
    get pending() {
      return alarms.size + wakers.size;
    },
  };
}

/** The clock that all elements of a page share: one timer, however many players. */
export const systemClock: Clock = createClock();

/**
 * Resolves after `delayMs` by the given clock.
 *
 * @throws the signal's reason when it aborts first.
 */
export function delay(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = () => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = clock.at(clock.now() + delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
