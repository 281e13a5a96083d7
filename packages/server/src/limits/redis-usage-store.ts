import type { Redis } from 'ioredis';
import type { UsageStore } from './usage-store.js';
import { requireKnownOptions } from '../http/require-known-options.js';

export interface RedisUsageOptions {
  /** Prefix of the Redis keys. @defaultValue `gatecast` */
  readonly prefix?: string;
}

/** Removes expired names, then adds all new names or none, in one atomic step. */
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

/** A usage store that several instances share through Redis 7 or Valkey. `client` is a client of `ioredis`. */
export function redisUsageStore(client: Redis, options: RedisUsageOptions = {}): UsageStore {
  requireKnownOptions('redisUsageStore', options, optionNames);
  const { prefix = 'gatecast' } = options;
  return {
    async revoke(tokenId, expiresAtMs) {
      await client.set(`${prefix}:revoked:${tokenId}`, '1', 'PXAT', Math.ceil(expiresAtMs));
    },
    async isRevoked(tokenId) {
      return (await client.exists(`${prefix}:revoked:${tokenId}`)) === 1;
    },
    async claim({ user, watched, max, nowMs, untilMs }) {
      const key = `${prefix}:watched:${user}`;
      return (await client.eval(CLAIM, 1, key, nowMs, Math.ceil(untilMs), max, ...new Set(watched))) === 1;
    },
  };
}

const optionNames: Readonly<Record<keyof RedisUsageOptions, true>> = {
  prefix: true,
};
