import {
  BurstyRateLimiter,
  RateLimiterRes,
  type RateLimiterMemory,
  type RateLimiterRedis,
} from 'rate-limiter-flexible';
import type { RateLimiter } from './rate-limiter.js';

type Limiter = RateLimiterMemory | RateLimiterRedis;

/** A steady rate with a reserve for bursts, from two limiters of the library. */
export function burstyLimiter(steady: Limiter, burst: Limiter): RateLimiter {
  const both = new BurstyRateLimiter(steady, burst);
  return {
    async take(key, points) {
      try {
        await both.consume(key, points);
        return 0;
      } catch (rejection) {
        // The library rejects with a result when the points are gone, and with an error when its store is.
        if (rejection instanceof RateLimiterRes) return Math.max(1, rejection.msBeforeNext);
        throw rejection instanceof Error ? rejection : new Error('The store of the limiter failed.');
      }
    },
  };
}

/** Names and windows of the two limiters. */
export const WINDOW = {
  steadySeconds: 60,
  burstSeconds: 60,
  steadyPrefix: 'gatecast:rate',
  burstPrefix: 'gatecast:burst',
};
