import type { Redis } from 'ioredis';
import { requireKnownOptions } from '../http/require-known-options.js';
import { makeRandom } from './grant-id.js';
import { PUT, READ, REMOVE, RESTORE } from './redis-revocation-scripts.js';
import { readStored, readTarget, targetKey } from './revocation.js';
import {
  keptUntil,
  type RevocationStore,
  type StoredChange,
  type StoreMessage,
  type StorePage,
  type StoreWatcher,
} from './revocation-store.js';

export interface RedisRevocationOptions {
  /** Prefix of the Redis keys and of the channel. @defaultValue `gatecast` */
  readonly prefix?: string;
}

/** Entries of one command. Redis and the event loop serve others in between. */
const PART = 250;
/** Those that were seen last are compared. */
const MOST_SECRETS = 100;

/**
 * Revocations that several instances share through Redis 7 or Valkey. `client` is a client of `ioredis`. Changes come over a second
 * connection (pub/sub), which this store opens and closes. Keep the data through a restart of Redis if you can (`appendonly`): if it
 * is lost, or older data is back, the instances that run write back what is missing.
 */
export function redisRevocationStore(client: Redis, options: RedisRevocationOptions = {}): RevocationStore {
  requireKnownOptions('redisRevocationStore', options, optionNames);
  const { prefix = 'gatecast' } = options;
  // The braces keep the keys together where Redis is a cluster.
  const channel = `${prefix}:{revocations}`;
  const state = `${channel}:state`;
  const keys = [channel, `${channel}:ends`, `${channel}:order`, state, `${channel}:log`];
  const watchers = new Set<StoreWatcher>();
  const run = (script: string, ...values: readonly (string | number)[]) =>
    client.eval(script, keys.length, ...keys, ...values);
  const onFault = (error: unknown) => {
    for (const watcher of watchers) watcher.onFault?.(error);
  };
  /** The stamp of a write that has happened, whether or not its message could be sent. */
  function stampOf([stamp, fault]: readonly unknown[]): number {
    if (typeof fault === 'string' && fault !== '') onFault(new Error(fault));
    return Number(stamp);
  }

  return {
    isShared: true,
    async mark() {
      return (await client.hget(state, 'mark')) ?? null;
    },
    async read(after, mark) {
      return readPage(await run(READ, after, PART, mark ?? ''));
    },
    async put(revocation, { nowMs, max, after }) {
      const endMs = Math.ceil(revocation.until * 1000);
      const [name, json] = [targetKey(revocation), JSON.stringify(revocation)];
      const reply = await run(PUT, channel, makeRandom(), after, max, name, json, endMs, nowMs);
      if (!Array.isArray(reply)) return 'full';
      return { stamp: stampOf(reply), revocation, isLifted: false, keptUntilMs: Number(reply[2]) };
    },
    async remove(target, after) {
      const reply = await run(REMOVE, channel, makeRandom(), after, targetKey(target));
      if (!Array.isArray(reply)) return null;
      stampOf(reply);
      return readEntry(reply[2]);
    },
    async restore(changes, after) {
      const values = changes.flatMap((change) => {
        const { stamp, revocation } = change;
        return [targetKey(revocation), stamp, entryOf(change), keptUntil(change)];
      });
      return Number(await run(RESTORE, makeRandom(), after, ...values));
    },
    async meet(check, { nowMs, keepMs }) {
      const key = `${channel}:secrets`;
      await client
        .multi()
        .zadd(key, nowMs, check)
        .zremrangebyscore(key, '-inf', nowMs - keepMs)
        .pexpire(key, keepMs)
        .exec();
      return client.zrange(key, String(-MOST_SECRETS), '-1');
    },
    async tell({ target }) {
      await client.publish(channel, `- - check ${JSON.stringify(target)}`);
    },
    watch(watcher) {
      watchers.add(watcher);
      const end = subscribe(client, channel, watcher);
      return () => {
        watchers.delete(watcher);
        end();
      };
    },
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
      (error: unknown) => {
        if (subscriber.status === 'ready') watcher.onFault?.(error);
      },
    );
  };
  subscriber.on('ready', resubscribe);
  return () => subscriber.disconnect();
}

/** Anything may write to the channel. `null` for what is not a message of this store. */
function readMessage(text: string): StoreMessage | null {
  const [, previous, mark = '', kind, body = ''] = /^(\S{1,60}) (\S{1,60}) (\w+) (.*)$/s.exec(text) ?? [];
  if (kind === 'check') {
    try {
      return { kind, target: readTarget(JSON.parse(body)) };
    } catch {
      return null;
    }
  }
  const change = readEntry(`${/^(\d{1,16})\./.exec(mark)?.[1] ?? ''} ${kind ?? ''} ${body}`);
  return change && { kind: 'change', change, mark, previous: previous === '-' ? null : (previous ?? null) };
}

function entryOf(change: StoredChange): string {
  const { stamp, revocation, isLifted } = change;
  const kind = isLifted ? 'allow' : 'put';
  return `${String(stamp)} ${kind} ${String(keptUntil(change))} ${JSON.stringify(revocation)}`;
}

function readEntry(entry: unknown): StoredChange | null {
  if (typeof entry !== 'string') return null;
  const parts = /^(\d{1,16}) (put|allow) (?:(\d{1,16}) )?(.*)$/s.exec(entry) ?? [];
  const [, digits, kind, kept = '0', json = ''] = parts;
  const stamp = Number(digits);
  const revocation = Number.isSafeInteger(stamp) ? readStored(json) : null;
  return revocation && { stamp, revocation, isLifted: kind === 'allow', keptUntilMs: Number(kept) };
}

function readPage(reply: unknown): StorePage {
  const [mark, isKnown, last, entries] = Array.isArray(reply) ? (reply as unknown[]) : [];
  if (typeof mark !== 'string' || typeof last !== 'string' || !Array.isArray(entries))
    throw new Error('The store has other data.');
  const changes = entries.map(readEntry).filter((change) => change !== null);
  return {
    mark: mark === '' ? null : mark,
    isContinued: isKnown === 1,
    changes,
    unreadable: entries.length - changes.length,
    next: entries.length < PART ? null : Number(last),
  };
}

const optionNames: Readonly<Record<keyof RedisRevocationOptions, true>> = {
  prefix: true,
};
