import { targetKey, type Revocation, type RevocationTarget } from './revocation.js';

/** One decision about a target. It replaces those of before. */
export interface StoredChange {
  /** Order of the decisions: a later one has a higher number. With Redis, microseconds since 1970. */
  readonly stamp: number;
  /** What is in force, or was lifted: then it is kept until its end, so that nobody takes it for lost. */
  readonly revocation: Revocation;
  readonly isLifted: boolean;
  /**
   * Time until which the decision is kept, in milliseconds since 1970. One that is shortened outlives its end, so that an instance which
   * knows the longer one of before only still hears of it. @defaultValue the end of the revocation
   */
  readonly keptUntilMs?: number;
}

/** A part of the list, in the order in which it was written. */
export interface StorePage {
  /** Name of the last write, which starts with its position and a full stop. `null` if there was none. */
  readonly mark: string | null;
  /** Is the write whose mark was given among those of the store? If not, the store may have lost what came after another one. */
  readonly isContinued: boolean;
  readonly changes: readonly StoredChange[];
  /** Entries that could not be read. */
  readonly unreadable: number;
  /** Position after which the next part begins. `null` if this is the last one. */
  readonly next: number | null;
}

/** What a store tells its watchers. `check` asks pages to renew now, and changes nothing. */
export type StoreMessage =
  | {
      readonly kind: 'change';
      readonly change: StoredChange;
      /** Mark of this write. */
      readonly mark: string;
      /** Mark of the write before. */
      readonly previous: string | null;
    }
  | { readonly kind: 'check'; readonly target: RevocationTarget };

/** What a watcher is told. */
export interface StoreWatcher {
  onMessage(message: StoreMessage): void;
  /** Messages may have been missed: read what is new. */
  onGap(): void;
  /** Messages cannot be sent or received, for example for want of rights. Changes then arrive with the next comparison. */
  onFault?(error: unknown): void;
}

/** What a new decision needs. */
export interface StoreLimits {
  readonly nowMs: number;
  /** Most entries, with those that were lifted or shortened and are kept. */
  readonly max: number;
  /** Highest stamp that the instance knows. The new one is higher. */
  readonly after: number;
}

/**
 * Where the revocations of all instances are. Without one, `createRevocations` keeps them in the memory of one process;
 * `redisRevocationStore` of `@gatecast/server/redis` is for several. Methods reject if the store is down.
 */
export interface RevocationStore {
  /** Do other processes change it? Otherwise it is never down, and all changes come as messages. */
  readonly isShared: boolean;
  /** Mark of the last write. */
  mark(): Promise<string | null>;
  /** Reads what was written after a position, 0 for all. `mark` is that of a write that the reader knows. */
  read(after: number, mark: string | null): Promise<StorePage>;
  /** Adds a revocation, or replaces the one of the same target. What is shortened is kept as long as the one of before would be. */
  put(revocation: Revocation, limits: StoreLimits): Promise<StoredChange | 'full'>;
  /** Lifts a revocation. `null` if the target is not revoked. */
  remove(target: RevocationTarget, after: number): Promise<StoredChange | null>;
  /** Writes those back that the store has lost. It keeps what it has of the same or a later stamp. Resolves with their number. */
  restore(changes: readonly StoredChange[], after: number): Promise<number>;
  /**
   * Notes that a process is here whose secret has this check, and resolves with the checks of all that were here within `keepMs`. Without it,
   * nobody notices that processes have other secrets.
   */
  meet?(
    check: string,
    limits: { readonly nowMs: number; readonly keepMs: number },
  ): Promise<readonly string[]>;
  /** Tells all watchers. */
  tell(message: Extract<StoreMessage, { kind: 'check' }>): Promise<void>;
  /** Watches for changes. @returns a function that ends it */
  watch(watcher: StoreWatcher): () => void;
}

/** The decision has no effect on anyone after this time, in milliseconds since 1970. */
export function keptUntil({ revocation, keptUntilMs = 0 }: StoredChange): number {
  return Math.max(keptUntilMs, Math.ceil(revocation.until * 1000));
}

/** A store in the memory of one process. */
export function memoryRevocationStore(): RevocationStore {
  const held = new Map<string, StoredChange>();
  const watchers = new Set<StoreWatcher>();
  let position = 0;
  let nextEndMs = Infinity;
  const markOf = (at: number) => (at === 0 ? null : `${String(at)}.`);
  const tellAll = (message: StoreMessage) => {
    for (const watcher of watchers) watcher.onMessage(message);
  };
  function sweep(nowMs: number): void {
    nextEndMs = Infinity;
    for (const [key, { revocation }] of held) {
      const endMs = revocation.until * 1000;
      if (endMs <= nowMs) held.delete(key);
      else nextEndMs = Math.min(nextEndMs, endMs);
    }
  }
  function write(revocation: Revocation, isLifted: boolean): StoredChange {
    const previous = markOf(position);
    position += 1;
    const change: StoredChange = { stamp: position, revocation, isLifted };
    // Nothing here is ever lost, so that what was lifted need not be kept.
    if (isLifted) held.delete(targetKey(revocation));
    else held.set(targetKey(revocation), change);
    tellAll({ kind: 'change', change, mark: `${String(position)}.`, previous });
    return change;
  }

  return {
    isShared: false,
    mark: () => Promise.resolve(markOf(position)),
    read: (after) =>
      Promise.resolve({
        mark: markOf(position),
        isContinued: true,
        changes: [...held.values()].filter(({ stamp }) => stamp > after),
        unreadable: 0,
        next: null,
      }),
    put(revocation, { nowMs, max }) {
      if (nowMs >= nextEndMs) sweep(nowMs);
      if (!held.has(targetKey(revocation)) && held.size >= max) return Promise.resolve('full');
      nextEndMs = Math.min(nextEndMs, revocation.until * 1000);
      return Promise.resolve(write(revocation, false));
    },
    remove(target) {
      const known = held.get(targetKey(target));
      return Promise.resolve(known ? write(known.revocation, true) : null);
    },
    restore: () => Promise.resolve(0),
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
