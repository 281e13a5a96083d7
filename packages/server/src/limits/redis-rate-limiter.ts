import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { burstyLimiter, WINDOW } from './bursty-limiter.js';
import { checkRate, type LimitRate, type RateLimiter } from './rate-limiter.js';

/**
 * A rate limiter that several instances share through Redis or Valkey.
 *
 * @param client - a client of `ioredis`.
 * @param name - part of the Redis keys. Use different names for users and addresses.
 * @example
 * ```ts
 * const limits = { user: redisRateLimiter(client, 'user', { perMinute: 60, burst: 30 }) };
 * ```
 * @throws TypeError unless `perMinute` is a whole number above 0 and `burst` a whole number from 0.
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
