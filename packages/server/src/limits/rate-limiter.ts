import { Problem } from '../http/problem.js';

/**
 * Counts the tokens of a user or an address. `memoryRateLimiter` of `@gatecast/server/node` counts in one process,
 * `redisRateLimiter` of `@gatecast/server/redis` across instances.
 */
export interface RateLimiter {
  /**
   * Counts `points` for `key`. Resolves with 0 if they are within the limit, else with the milliseconds until the next
   * attempt makes sense.
   *
   * @throws Error if the store is down.
   */
  take(key: string, points: number): Promise<number>;
}

/** A rate limit. */
export interface LimitRate {
  /** Tokens per minute; a whole number above 0. */
  readonly perMinute: number;
  /** Additional tokens per minute for bursts, such as a page with many players; a whole number from 0. */
  readonly burst: number;
}

/** @throws TypeError unless both are whole numbers, `perMinute` above 0. */
export function checkRate({ perMinute, burst }: LimitRate): LimitRate {
  const isGood = Number.isInteger(perMinute) && perMinute > 0 && Number.isInteger(burst) && burst >= 0;
  if (!isGood)
    throw new TypeError('A rate limit needs { perMinute, burst } as whole numbers, with perMinute above 0.');
  return { perMinute, burst };
}

/** @throws Problem `rate-limited` with the seconds to wait. */
export async function requireBudget(limiter: RateLimiter, key: string, points: number): Promise<void> {
  const waitMs = await limiter.take(key, points);
  if (waitMs > 0) {
    throw new Problem('rate-limited', 'Too many tokens were requested.', {
      retryAfterSeconds: waitMs / 1000,
    });
  }
}
