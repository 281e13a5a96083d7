export { redisReplayCache, type RedisReplayOptions } from './dpop/redis-replay-cache.js';
export { redisRateLimiter } from './limits/redis-rate-limiter.js';
export { redisUsageStore, type RedisUsageOptions } from './limits/redis-usage-store.js';
