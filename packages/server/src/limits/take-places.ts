import type { PlaceClaim, PlaceResult } from './stream-claim.js';

interface Taken extends PlaceResult {
  /** Names with a place and the end of each, the oldest first. */
  readonly places: Map<string, number>;
  /** Names that have lost their place, and until when that is known. */
  readonly losers: Map<string, number>;
}

/**
 * Viewers of one user of whom it is remembered that they have lost their place. Each start without the cookie of its session is another
 * viewer. One that is forgotten is refused as others are: while no place is free.
 */
export const MOST_LOSERS = 100;

/**
 * Decides who has a place where the newest viewers count. `redisUsageStore` does the same in one script.
 *
 * @param places - names with a place whose time is not over, the oldest first.
 * @param losers - names that have lost their place, the first one first.
 */
export function takePlaces(
  { watched, max, untilMs, isStart }: PlaceClaim,
  places: Map<string, number>,
  losers: Map<string, number>,
): Taken {
  const own = new Set(watched);
  const others = [...places.keys()].filter((name) => !own.has(name));
  const tooMany = Math.max(0, others.length + own.size - max);
  const hasMoved = !isStart && own.size <= max && watched.some((name) => losers.has(name));
  const isRefused = own.size > max || (!isStart && tooMany > 0) || hasMoved;
  if (isRefused) return { isAllowed: false, lost: [], hasMoved, places, losers };
  const lost = others.slice(0, tooMany);
  for (const name of lost) {
    losers.set(name, places.get(name) ?? untilMs);
    places.delete(name);
  }
  for (const name of own) {
    const endMs = Math.max(untilMs, places.get(name) ?? 0);
    losers.delete(name);
    // A viewer who starts again is the newest one.
    if (isStart) places.delete(name);
    places.set(name, endMs);
  }
  const forgotten = [...losers.keys()].slice(0, Math.max(0, losers.size - MOST_LOSERS));
  for (const name of forgotten) losers.delete(name);
  return { isAllowed: true, lost, places, losers };
}
