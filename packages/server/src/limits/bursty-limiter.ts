import {
  BurstyRateLimiter,
  RateLimiterRes,
  type RateLimiterMemory,
  type RateLimiterRedis,
} from 'rate-limiter-flexible';
import type { RateLimiter } from './rate-limiter.js';

type Limiter = RateLimiterMemory | RateLimiterRedis;

/** Combines two limiters of the library: a steady rate and an allowance for bursts. */
export function burstyLimiter(steady: Limiter, burst: Limiter): RateLimiter {
  const both = new BurstyRateLimiter(steady, burst);
  return {
    async take(key, points) {
      try {
        await both.consume(key, points);
        return 0;
      } catch (rejection) {
        // The library rejects with a result if the limit is reached, and with an error if its store fails.
        if (rejection instanceof RateLimiterRes) return Math.max(1, rejection.msBeforeNext);
        throw rejection instanceof Error ? rejection : new Error('The store of the rate limiter failed.');
      }
    },
  };
}

/** Key prefixes and time windows of the two limiters. */
export const WINDOW = {
  steadySeconds: 60,
  burstSeconds: 60,
  steadyPrefix: 'gatecast:rate',
  burstPrefix: 'gatecast:burst',
};
