import type { Redis } from 'ioredis';
import { requireKnownOptions } from '../http/require-known-options.js';
import type { ReceiverStore } from './receiver-store.js';

export interface RedisReceiverOptions {
  /** Prefix of the Redis keys. @defaultValue `gatecast` */
  readonly prefix?: string;
}

/** Receivers that several instances share through Redis or Valkey. `client` is a client of `ioredis`. */
export function redisReceiverStore(client: Redis, options: RedisReceiverOptions = {}): ReceiverStore {
  requireKnownOptions('redisReceiverStore', options, { prefix: true });
  const { prefix = 'gatecast' } = options;
  const nameOf = (key: string): string => `${prefix}:receiver:${key}`;
  return {
    get: (key) => client.get(nameOf(key)),
    async set(key, value, ttlMs) {
      await client.set(nameOf(key), value, 'PX', Math.max(1, Math.ceil(ttlMs)));
    },
    async delete(key) {
      await client.del(nameOf(key));
    },
  };
}
