export { redisRateLimiter } from './limits/redis-rate-limiter.js';
export { redisSessionStore, type RedisSessionOptions } from './limits/redis-seat-store.js';
