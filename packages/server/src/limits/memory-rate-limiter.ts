import { RateLimiterMemory } from 'rate-limiter-flexible';
import { burstyLimiter, WINDOW } from './bursty-limiter.js';
import { checkRate, type LimitRate, type RateLimiter } from './rate-limiter.js';

/**
 * A rate limiter in the memory of one process. Create one for users and another for addresses.
 *
 * @example
 * ```ts
 * const limits = { user: memoryRateLimiter({ perMinute: 60, burst: 30 }) };
 * ```
 * @throws TypeError unless `perMinute` is a whole number above 0 and `burst` a whole number from 0.
 */
export function memoryRateLimiter(rate: LimitRate): RateLimiter {
  const { perMinute, burst } = checkRate(rate);
  return burstyLimiter(
    new RateLimiterMemory({ points: perMinute, duration: WINDOW.steadySeconds }),
    new RateLimiterMemory({ points: burst, duration: WINDOW.burstSeconds }),
  );
}
