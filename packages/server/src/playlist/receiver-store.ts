import { requireKnownOptions } from '../http/require-known-options.js';

/**
 * Stores which receivers may play. `memoryReceiverStore` is for one instance, `redisReceiverStore` of `@gatecast/server/redis` for
 * several. Methods reject if the store is down.
 */
export interface ReceiverStore {
  /** The value, until its time is over. */
  get(key: string): Promise<string | null>;
  /** Keeps a value for `ttlMs` milliseconds. It replaces the one of before. */
  set(key: string, value: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Receivers in the memory of one process: at most 10,000, of which the oldest goes first. */
export function memoryReceiverStore(options: { now?: () => number } = {}): ReceiverStore {
  requireKnownOptions('memoryReceiverStore', options, { now: true });
  const { now = Date.now } = options;
  const held = new Map<string, { readonly value: string; readonly endMs: number }>();
  let sweepAtMs = 0;

  function sweep(): void {
    if (now() < sweepAtMs) return;
    sweepAtMs = now() + 60_000;
    for (const [key, { endMs }] of held) if (endMs <= now()) held.delete(key);
  }

  return {
    get(key) {
      const known = held.get(key);
      return Promise.resolve(known && known.endMs > now() ? known.value : null);
    },
    set(key, value, ttlMs) {
      sweep();
      held.delete(key);
      held.set(key, { value, endMs: now() + ttlMs });
      const [oldest] = held.keys();
      if (held.size > MAX_RECEIVERS && oldest !== undefined) held.delete(oldest);
      return Promise.resolve();
    },
    delete(key) {
      held.delete(key);
      return Promise.resolve();
    },
  };
}

const MAX_RECEIVERS = 10_000;
