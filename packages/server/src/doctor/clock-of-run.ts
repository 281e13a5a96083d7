import { systemClock, type Clock } from '@gatecast/token';

/** The clock by which tokens end in a run of the doctor. */
export function clockOfRun({ now }: { readonly now: () => number }): Clock {
  return {
    now,
    at: (deadlineMs, callback) => systemClock.at(systemClock.now() + deadlineMs - now(), callback),
    onWake: (callback) => systemClock.onWake(callback),
    get pending() {
      return systemClock.pending;
    },
  };
}
