import type { Redis } from 'ioredis';
import { requireKnownOptions } from '../http/require-known-options.js';
import { readStored, readTarget, targetKey } from './revocation.js';
import type { RevocationStore, StoredList, StoreMessage, StoreWatcher } from './revocation-store.js';

export interface RedisRevocationOptions {
  /** Prefix of the Redis keys and of the channel. @defaultValue `gatecast` */
  readonly prefix?: string;
}

/**
 * Removes what has ended, adds one entry, and tells the instances, in one atomic step. The two keys of the list end with its last
 * entry. Keys: list, ends, state. Values: now, most entries, name, entry, end, channel.
 */
const PUT = `
local ended = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, 1000)
if #ended > 0 then
  redis.call('HDEL', KEYS[1], unpack(ended))
  redis.call('ZREM', KEYS[2], unpack(ended))
end
if redis.call('HEXISTS', KEYS[1], ARGV[3]) == 0 and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[2]) then return -1 end
redis.call('HSET', KEYS[1], ARGV[3], ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[5], ARGV[3])
local last = redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2]
redis.call('PEXPIREAT', KEYS[1], last)
redis.call('PEXPIREAT', KEYS[2], last)
local version = redis.call('HINCRBY', KEYS[3], 'version', 1)
redis.call('PUBLISH', ARGV[6], version .. ' put ' .. ARGV[4])
return version
`;

/** Keys: list, ends, state. Values: name, target, channel. */
const REMOVE = `
if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 then return -1 end
redis.call('ZREM', KEYS[2], ARGV[1])
local version = redis.call('HINCRBY', KEYS[3], 'version', 1)
redis.call('PUBLISH', ARGV[3], version .. ' allow ' .. ARGV[2])
return version
`;

/** The whole list at one moment. The first instance names it. Keys: list, state. Values: secret, epoch. */
const READ = `
redis.call('HSETNX', KEYS[2], 'secret', ARGV[1])
redis.call('HSETNX', KEYS[2], 'epoch', ARGV[2])
local state = redis.call('HMGET', KEYS[2], 'version', 'epoch', 'secret')
return { state[1] or '0', state[2], state[3], redis.call('HVALS', KEYS[1]) }
`;

/**
 * Revocations that several instances share through Redis 7 or Valkey. `client` is a client of `ioredis`. Changes come over a second
 * connection (pub/sub), which this store opens and closes. Keep the data through a restart of Redis if you can (`appendonly`): if it
 * is lost, the instances that run write back what they have.
 */
export function redisRevocationStore(client: Redis, options: RedisRevocationOptions = {}): RevocationStore {
  requireKnownOptions('redisRevocationStore', options, optionNames);
  const { prefix = 'gatecast' } = options;
  // The braces keep the keys together where Redis is a cluster.
  const list = `${prefix}:{revocations}`;
  const ends = `${list}:ends`;
  const state = `${list}:state`;
  return {
    isShared: true,
    async read(secret, epoch) {
      return readReply(await client.eval(READ, 2, list, state, secret, epoch));
    },
    async state() {
      const [version, epoch] = await client.hmget(state, 'version', 'epoch');
      return typeof epoch === 'string' ? { version: Number(version ?? 0), epoch } : null;
    },
    async put(revocation, { nowMs, max }) {
      const entry = JSON.stringify(revocation);
      const endMs = Math.ceil(revocation.until * 1000);
      const key = targetKey(revocation);
      const version = await client.eval(PUT, 3, list, ends, state, nowMs, max, key, entry, endMs, list);
      return version === -1 ? 'full' : Number(version);
    },
    async remove(target) {
      const version = await client.eval(
        REMOVE,
        3,
        list,
        ends,
        state,
        targetKey(target),
        JSON.stringify(target),
        list,
      );
      return version === -1 ? null : Number(version);
    },
    async tell({ target }) {
      await client.publish(list, `0 check ${JSON.stringify(target)}`);
    },
    watch: (watcher) => subscribe(client, list, watcher),
  };
}

function subscribe(client: Redis, channel: string, watcher: StoreWatcher): () => void {
  const subscriber = client.duplicate({
    // Commands of this connection are subscriptions only. They wait for the connection.
    enableOfflineQueue: true,
    maxRetriesPerRequest: null,
    lazyConnect: false,
    retryStrategy: (attempt: number) =>
      Math.min(2000, 50 * 2 ** Math.min(attempt, 6)) * (0.75 + Math.random() / 2),
  });
  // The connection of the commands reports a store that is down.
  subscriber.on('error', () => undefined);
  subscriber.on('message', (_channel: string, text: string) => {
    const message = readMessage(text);
    if (message) watcher.onMessage(message);
    else watcher.onGap();
  });
  // ioredis subscribes again by itself. What was sent in between is lost.
  const resubscribe = () => {
    subscriber.subscribe(channel).then(
      () => watcher.onGap(),
      () => undefined,
    );
  };
  subscriber.on('ready', resubscribe);
  return () => subscriber.disconnect();
}

/** Anything may write to the channel. `null` for what is not a message of this store. */
function readMessage(text: string): StoreMessage | null {
  const [, number, kind, body = ''] = /^(\d{1,15}) (put|allow|check) (.*)$/s.exec(text) ?? [];
  const version = Number(number);
  if (kind === 'put') {
    const revocation = readStored(body);
    return revocation && { kind: 'revoked', version, revocation };
  }
  try {
    const target = readTarget(JSON.parse(body));
    return kind === 'check' ? { kind, target } : { kind: 'allowed', version, target };
  } catch {
    return null;
  }
}

function readReply(reply: unknown): StoredList {
  const [version, epoch, secret, entries] = Array.isArray(reply) ? (reply as unknown[]) : [];
  if (typeof epoch !== 'string' || typeof secret !== 'string' || !Array.isArray(entries))
    throw new Error('The store has other data.');
  const revocations = entries
    .map((entry) => (typeof entry === 'string' ? readStored(entry) : null))
    .filter((entry) => entry !== null);
  return { version: Number(version), epoch, secret, revocations };
}

const optionNames: Readonly<Record<keyof RedisRevocationOptions, true>> = {
  prefix: true,
};
