import { Problem } from '../http/problem.js';

/** Counts what a user or an address takes. `./node` has one in memory, `./redis` one for several instances. */
export interface RateLimiter {
  /**
   * Takes `points` from the bucket of `key`; resolves with 0 when they were there, else with the milliseconds until it
   * is worth asking again.
   *
   * @throws when the store behind it is down.
   */
  take(key: string, points: number): Promise<number>;
}

export interface LimitRate {
  /** Tokens per minute, in the long run. */
  readonly perMinute: number;
  /** Further tokens that may be taken at once, such as when a page with many players loads. */
  readonly burst: number;
}

/** @throws TypeError unless both are whole numbers, `perMinute` above 0. */
export function checkRate({ perMinute, burst }: LimitRate): LimitRate {
  const isGood = Number.isInteger(perMinute) && perMinute > 0 && Number.isInteger(burst) && burst >= 0;
  if (!isGood) throw new TypeError('A limit is { perMinute, burst }: whole numbers, perMinute above 0.');
  return { perMinute, burst };
}

/** @throws Problem `rate-limited` with the seconds to wait. */
export async function requireBudget(limiter: RateLimiter, key: string, points: number): Promise<void> {
  const waitMs = await limiter.take(key, points);
  if (waitMs > 0) {
    throw new Problem('rate-limited', 'Too many tokens were asked for.', {
      retryAfterSeconds: waitMs / 1000,
    });
  }
}
