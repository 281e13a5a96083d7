export { redisReplayCache, type RedisReplayOptions } from './dpop/redis-replay-cache.js';
export { redisRateLimiter } from './limits/redis-rate-limiter.js';
export { redisRevocationStore, type RedisRevocationOptions } from './revocation/redis-revocation-store.js';
export { redisUsageStore, type RedisUsageOptions } from './limits/redis-usage-store.js';
export { redisReceiverStore, type RedisReceiverOptions } from './playlist/redis-receiver-store.js';
