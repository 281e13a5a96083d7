import { delay, type Clock } from '@gatecast/token';

export interface CountdownOptions {
  readonly seconds: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called with the whole seconds that remain, at once and with each second, at last with 0. */
  readonly onTick: (remainingSeconds: number) => void;
}

/** A device that has slept must not go live when it wakes. */
const LATE_LIMIT_MS = 5000;

/**
 * Counts down by the wall clock: a late timer skips seconds, but does not move the end.
 *
 * @returns `false` if the page or the device slept over the end: nobody waits for the broadcast now.
 * @throws the signal's reason.
 */
export async function runCountdown({ seconds, clock, signal, onTick }: CountdownOptions): Promise<boolean> {
  const endsAtMs = clock.now() + seconds * 1000;
  for (;;) {
    const leftMs = endsAtMs - clock.now();
    if (leftMs < -LATE_LIMIT_MS) return false;
    const remaining = Math.max(0, Math.ceil(leftMs / 1000));
    onTick(remaining);
    if (remaining === 0) return true;
    await delay(clock, leftMs - (remaining - 1) * 1000, signal);
  }
}
