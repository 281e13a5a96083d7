/** Time without media, from the tokens on, after which the next engine makes its first requests beside the one that begins. */
export const PREPARE_AFTER_MS = 800;
/** Time without media after which the next engine plays: with what it has prepared, its picture is there within 2 s. */
export const YIELD_AFTER_MS = 1300;
/** From the tokens on: until then, the code of the first engine may load. */
export const CODE_AFTER_MS = 3000;
/** The same when packets come, of which nothing can be shown yet, and the next engine is not prepared. */
export const YIELD_WITH_MEDIA_AFTER_MS = 4000;
/** The same when the next engine has nothing to play either. */
export const YIELD_ALONE_AFTER_MS = 10_000;
/** The same when media has stopped: until then, the engine tries to repair its connection. */
export const PREPARE_AFTER_BREAK_MS = 1000;
export const YIELD_AFTER_BREAK_MS = 1800;
/** Until the next engine is asked again, if it has no media either; it doubles with each time. */
const ASK_AGAIN_MS = 3000;
const LONGEST_ASK_AGAIN_MS = 60_000;
/** A first picture that comes later is that of a stream that has just started. */
export const STREAM_START_AFTER_MS = 10_000;
/** Longest attempt to play by the first choice again. */
export const ATTEMPT_LIMIT_MS = 10_000;
/** Shortest time between two attempts, whatever wakes the page. */
export const ATTEMPT_GAP_MS = 2000;
/** Wait after the first failure; it doubles with each one. */
const FIRST_WAIT_MS = 15_000;
/** Wait after a break of what has played: the network or the server may be back soon. */
const WAIT_AFTER_BREAK_MS = 3000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** An engine that has played for this long has no faults that count. */
export const STABLE_MS = 60_000;
/** A viewer who is further behind live has sought back, and stays there. */
export const LIVE_WITHIN_S = 15;

/** This many failures lead to the longest wait. */
export const MOST_FAILURES = 5;

/**
 * Milliseconds until the first choice is tried again, with jitter.
 *
 * @param failures - how often it has failed since it last played for a while, from 0
 * @param random - a number in [0, 1)
 */
export function attemptDelayMs(failures: number, hasBroken: boolean, random: number): number {
  const firstMs = hasBroken ? WAIT_AFTER_BREAK_MS : FIRST_WAIT_MS;
  return Math.min(LONGEST_WAIT_MS, firstMs * 2 ** failures) * (0.75 + random / 4);
}

/**
 * Milliseconds until the next engine is asked again, with jitter.
 *
 * @param asked - how often it had nothing to play, from 0
 * @param random - a number in [0, 1)
 */
export function askDelayMs(asked: number, random: number): number {
  return Math.min(LONGEST_ASK_AGAIN_MS, ASK_AGAIN_MS * 2 ** asked) * (0.75 + random / 4);
}
