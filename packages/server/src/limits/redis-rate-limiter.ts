import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { burstyLimiter, WINDOW } from './bursty-limiter.js';
import { checkRate, type LimitRate, type RateLimiter } from './rate-limiter.js';

/**
 * Limits that several instances share through Redis or Valkey.
 *
 * @param name - keeps limits for users and for addresses apart.
 */
export function redisRateLimiter(client: Redis, name: string, rate: LimitRate): RateLimiter {
  const { perMinute, burst } = checkRate(rate);
  const limiter = (keyPrefix: string, points: number, duration: number) =>
    new RateLimiterRedis({ storeClient: client, keyPrefix: `${keyPrefix}:${name}`, points, duration });
  return burstyLimiter(
    limiter(WINDOW.steadyPrefix, perMinute, WINDOW.steadySeconds),
    limiter(WINDOW.burstPrefix, burst, WINDOW.burstSeconds),
  );
}
