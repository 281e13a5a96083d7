import type { Redis } from 'ioredis';
import type { SessionStore } from './seat-store.js';

export interface RedisSessionOptions {
  /** @defaultValue `gatecast` */
  readonly prefix?: string;
}

/** Frees ended seats, then takes all new ones or none, in one step that no other instance can come between. */
const CLAIM = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
local count = redis.call('ZCARD', KEYS[1])
for i = 4, #ARGV do
  if not redis.call('ZSCORE', KEYS[1], ARGV[i]) then count = count + 1 end
end
if count > tonumber(ARGV[3]) then return 0 end
for i = 4, #ARGV do
  redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[i])
end
redis.call('PEXPIREAT', KEYS[1], ARGV[2], 'GT')
redis.call('PEXPIREAT', KEYS[1], ARGV[2], 'NX')
return 1
`;

/** Seats and withdrawn tokens that several instances share through Redis 7 or Valkey. */
export function redisSessionStore(
  client: Redis,
  { prefix = 'gatecast' }: RedisSessionOptions = {},
): SessionStore {
  return {
    async revoke(tokenId, expiresAtMs) {
      await client.set(`${prefix}:revoked:${tokenId}`, '1', 'PXAT', Math.ceil(expiresAtMs));
    },
    async isRevoked(tokenId) {
      return (await client.exists(`${prefix}:revoked:${tokenId}`)) === 1;
    },
    async claim({ user, seats, max, nowMs, untilMs }) {
      const key = `${prefix}:seats:${user}`;
      return (await client.eval(CLAIM, 1, key, nowMs, Math.ceil(untilMs), max, ...new Set(seats))) === 1;
    },
  };
}
