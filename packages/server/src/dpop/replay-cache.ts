import { requireKnownOptions } from '../http/require-known-options.js';

/**
 * Remembers used proofs, so that a copied proof is refused. `memoryReplayCache` is for one instance, `redisReplayCache` of
 * `@gatecast/server/redis` for several.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-11.1
 */
export interface ReplayCache {
  /**
   * Stores the id of a proof until `untilMs` (milliseconds since the epoch). Resolves with whether it was not known before.
   *
   * @throws Error if the store is down or full. The request is then refused.
   */
  add(id: string, untilMs: number): Promise<boolean>;
}

export interface MemoryReplayOptions {
  /**
   * Largest number of proofs, about 150 bytes each. When it is reached, requests are refused until old proofs expire: a
   * proof that is forgotten early could be used again.
   *
   * @defaultValue 200,000, which is about 2,000 requests per second
   */
  readonly capacity?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

/**
 * A replay cache in the memory of one process.
 *
 * @throws TypeError unless `capacity` is a whole number above 0.
 */
export function memoryReplayCache(options: MemoryReplayOptions = {}): ReplayCache {
  requireKnownOptions('memoryReplayCache', options, optionNames);
  const { capacity = 200_000, now = Date.now } = options;
  if (!Number.isInteger(capacity) || capacity < 1)
    throw new TypeError('memoryReplayCache needs a whole number above 0 as capacity.');
  const ends = new Map<string, number>();
  let earliestMs = Infinity;

  /** All ends are within one window of each other, so one pass frees about everything that it can. */
  function sweep(): void {
    if (now() < earliestMs) return;
    earliestMs = Infinity;
    for (const [id, untilMs] of ends) {
      if (untilMs <= now()) ends.delete(id);
      else earliestMs = Math.min(earliestMs, untilMs);
    }
  }

  return {
    async add(id, untilMs) {
      const known = ends.get(id);
      if (known !== undefined && known > now()) return false;
      if (ends.size >= capacity) {
        sweep();
        if (ends.size >= capacity) throw new Error('The replay cache is full.');
      }
      ends.set(id, untilMs);
      earliestMs = Math.min(earliestMs, untilMs);
      return true;
    },
  };
}

const optionNames: Readonly<Record<keyof MemoryReplayOptions, true>> = {
  capacity: true,
  now: true,
};
