import { systemClock, type Cancel, type Clock } from '@gatecast/token';

/** The clock by which tokens end in a run of the doctor. `stop` cancels what waits, so that the process can end. */
export function clockOfRun({ now }: { readonly now: () => number }): Clock & { stop(): void } {
  const waiting = new Set<Cancel>();
  return {
    stop: () => {
      for (const cancel of waiting) cancel();
      waiting.clear();
    },
    now,
    at: (deadlineMs, callback) => {
      const cancel = systemClock.at(systemClock.now() + deadlineMs - now(), callback);
      waiting.add(cancel);
      return () => {
        waiting.delete(cancel);
        cancel();
      };
    },
    onWake: (callback) => systemClock.onWake(callback),
    get pending() {
      return systemClock.pending;
    },
  };
}
