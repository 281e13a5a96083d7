export { redisRateLimiter } from './limit/redis-rate-limiter.js';
export { redisSessionStore, type RedisSessionOptions } from './session/redis-session-store.js';
