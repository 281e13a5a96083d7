export { redisRateLimiter } from './limits/redis-rate-limiter.js';
export { redisUsageStore, type RedisUsageOptions } from './limits/redis-usage-store.js';
