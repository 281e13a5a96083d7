import { makeSecret } from './grant-id.js';
import { targetKey, targetOf, type Revocation, type RevocationTarget } from './revocation.js';

/** What identifies the state of a store. */
export interface StoreState {
  /** Grows by 1 with each change of the list. */
  readonly version: number;
  /** Random name of the data. Another one means that the store has lost the data of before. */
  readonly epoch: string;
}

/** The whole list. */
export interface StoredList extends StoreState {
  /** Random text that all instances share. */
  readonly secret: string;
  /** Those that have ended may be among them. */
  readonly revocations: readonly Revocation[];
}

/** What a store tells its watchers. `check` asks pages to renew now, and changes nothing. */
export type StoreMessage =
  | { readonly kind: 'revoked'; readonly version: number; readonly revocation: Revocation }
  | { readonly kind: 'allowed'; readonly version: number; readonly target: RevocationTarget }
  | { readonly kind: 'check'; readonly target: RevocationTarget };

/** What a watcher is told. */
export interface StoreWatcher {
  onMessage(message: StoreMessage): void;
  /** Messages may have been missed: read the list again. */
  onGap(): void;
}

/**
 * Where the revocations of all instances are. Without one, `createRevocations` keeps them in the memory of one process;
 * `redisRevocationStore` of `@gatecast/server/redis` is for several. Methods reject if the store is down.
 */
export interface RevocationStore {
  /** Do other processes change it? Otherwise it is never down, and all changes come as messages. */
  readonly isShared: boolean;
  /** Reads the list. A store without a secret or a name takes this one. */
  read(secret: string, epoch: string): Promise<StoredList>;
  /** Reads only what shows a change. `null` if the store has no data. */
  state(): Promise<StoreState | null>;
  /** Adds a revocation, or replaces the one of the same target. Resolves with the new version, or with `full`. */
  put(
    revocation: Revocation,
    limits: { readonly nowMs: number; readonly max: number },
  ): Promise<number | 'full'>;
  /** Resolves with the new version, or with `null` if the target is not revoked. */
  remove(target: RevocationTarget): Promise<number | null>;
  /** Tells all watchers. */
  tell(message: Extract<StoreMessage, { kind: 'check' }>): Promise<void>;
  /** Watches for changes. @returns a function that ends it */
  watch(watcher: StoreWatcher): () => void;
}

/** A store in the memory of one process. */
export function memoryRevocationStore(): RevocationStore {
  const secret = makeSecret();
  const revocations = new Map<string, Revocation>();
  const watchers = new Set<StoreWatcher>();
  let version = 0;
  let nextEndMs = Infinity;
  const tellAll = (message: StoreMessage) => {
    for (const watcher of watchers) watcher.onMessage(message);
  };
  function sweep(nowMs: number): void {
    nextEndMs = Infinity;
    for (const [key, { until }] of revocations) {
      if (until * 1000 <= nowMs) revocations.delete(key);
      else nextEndMs = Math.min(nextEndMs, until * 1000);
    }
  }

  return {
    isShared: false,
    read: () => Promise.resolve({ version, epoch: '', secret, revocations: [...revocations.values()] }),
    state: () => Promise.resolve({ version, epoch: '' }),
    put(revocation, { nowMs, max }) {
      if (nowMs >= nextEndMs) sweep(nowMs);
      const key = targetKey(revocation);
      if (!revocations.has(key) && revocations.size >= max) return Promise.resolve('full');
      revocations.set(key, revocation);
      nextEndMs = Math.min(nextEndMs, revocation.until * 1000);
      version += 1;
      tellAll({ kind: 'revoked', version, revocation });
      return Promise.resolve(version);
    },
    remove(target) {
      if (!revocations.delete(targetKey(target))) return Promise.resolve(null);
      version += 1;
      tellAll({ kind: 'allowed', version, target: targetOf(target) });
      return Promise.resolve(version);
    },
    tell(message) {
      tellAll(message);
      return Promise.resolve();
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
}
