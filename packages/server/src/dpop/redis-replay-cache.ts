import type { Redis } from 'ioredis';
import type { ReplayCache } from './replay-cache.js';
import { requireKnownOptions } from '../http/require-known-options.js';

export interface RedisReplayOptions {
  /** Prefix of the Redis keys. @defaultValue `gatecast` */
  readonly prefix?: string;
}

/**
 * A replay cache that several instances share through Redis or Valkey. Redis removes each proof when it has expired.
 *
 * @param client - a client of `ioredis`.
 */
export function redisReplayCache(client: Redis, options: RedisReplayOptions = {}): ReplayCache {
  requireKnownOptions('redisReplayCache', options, optionNames);
  const { prefix = 'gatecast' } = options;
  return {
    async add(id, untilMs) {
      return (await client.set(`${prefix}:dpop:${id}`, '1', 'PXAT', Math.ceil(untilMs), 'NX')) === 'OK';
    },
  };
}

const optionNames: Readonly<Record<keyof RedisReplayOptions, true>> = {
  prefix: true,
};
