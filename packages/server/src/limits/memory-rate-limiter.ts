import { RateLimiterMemory } from 'rate-limiter-flexible';
import { burstyLimiter, WINDOW } from './bursty-limiter.js';
import { checkRate, type LimitRate, type RateLimiter } from './rate-limiter.js';

/** Limits of one process, in its memory. Give each use its own limiter. */
export function memoryRateLimiter(rate: LimitRate): RateLimiter {
  const { perMinute, burst } = checkRate(rate);
  return burstyLimiter(
    new RateLimiterMemory({ points: perMinute, duration: WINDOW.steadySeconds }),
    new RateLimiterMemory({ points: burst, duration: WINDOW.burstSeconds }),
  );
}
