/**
 * Creates a function that moves a publisher's clock to the server's. The first time that it is called with counts as now, so
 * the clock is late by the network delay of one report. This shift then stays: audio and video need the same one, and a
 * change would look like drift.
 */
export function ntpOrigin(now: () => number = Date.now): (senderTimeMs: number) => number {
  let shiftMs: number | undefined;
  return (senderTimeMs) => {
    shiftMs ??= now() - senderTimeMs;
    return senderTimeMs + shiftMs;
  };
}
