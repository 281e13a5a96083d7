import type { Logger } from '../http/logger.js';
import { Problem } from '../http/problem.js';
import { sleep, within } from '../http/timeouts.js';
import type { StoreDownPolicy } from '../limits/store-policy.js';
import { ListReports } from './list-reports.js';
import { RevocationCopy } from './revocation-copy.js';
import type { RevocationIndex } from './revocation-index.js';
import { targetKey, targetOf, type Revocation, type RevocationTarget } from './revocation.js';
import {
  keptUntil,
  type RevocationStore,
  type StoredChange,
  type StoreMessage,
  type StorePage,
} from './revocation-store.js';

/** What has changed. `check` asks pages to renew now. */
export type RevocationChange =
  | { readonly kind: 'revoked'; readonly revocation: Revocation }
  /** Lifted, or ended. */
  | { readonly kind: 'allowed'; readonly target: RevocationTarget }
  | { readonly kind: 'check'; readonly target: RevocationTarget };

type ChangeMessage = Extract<StoreMessage, { kind: 'change' }>;

export interface RevocationListOptions {
  readonly store: RevocationStore;
  readonly policy: StoreDownPolicy;
  /** Time after which a list that could not be compared with the store counts as old, in milliseconds. */
  readonly maxStaleMs: number;
  readonly logger: Logger;
  readonly now: () => number;
  /** Milliseconds of a clock that is never set. */
  readonly elapsed: () => number;
  readonly tagsOf: (user: string) => readonly string[];
  /** Must not throw. */
  readonly onChange: (change: RevocationChange) => void;
}

/** Time between two comparisons of the list with the store. Each is one small command. */
const CHECK_MS = 1000;
const FIRST_RETRY_MS = 100;
/** Entries that one command writes back. */
const PART = 250;
/** Messages during a read whose order is remembered. */
const MOST_LINKS = 1000;

/**
 * The copy of the list in this process. Messages of the store change it at once. It is compared with the store every second, so that
 * a message that was lost is made up for within about a second. What this process knows and the store does not was lost by the store,
 * and is written back: nothing is forgotten before its end, unless it was lifted.
 */
export class RevocationList {
  /** Resolves when the list was read for the first time, or could not be read within `maxStaleMs`. */
  readonly ready: Promise<void>;
  isReady = false;
  readonly #options: RevocationListOptions;
  readonly #copy: RevocationCopy;
  readonly #reports: ListReports;
  readonly #closing = new AbortController();
  readonly #unwatch: () => void;
  /** The copy has this write of the store, and all before it. */
  #mark: string | null = null;
  #isRead = false;
  #currentAtMs = -Infinity;
  /** Something was missing in the store: the next comparison has to show that it is there. */
  #mustReadAll = false;
  #isRestoring = false;
  #reading: Promise<void> | null = null;
  /** Messages during a read, which may continue what it has read. */
  #links: ChangeMessage[] = [];

  constructor(options: RevocationListOptions) {
    this.#options = options;
    this.#copy = new RevocationCopy(options.tagsOf);
    this.#reports = new ListReports(options.logger, options.policy);
    this.#unwatch = options.store.watch({
      onMessage: (message) => this.#receive(message),
      onGap: () => void this.#read().catch(() => undefined),
      onFault: (error) => this.#reports.fault(error),
    });
    const first = this.#compare();
    const isFirstDone = within(options.maxStaleMs, first, late).catch(() => undefined);
    this.ready = isFirstDone.then(() => {
      this.isReady = true;
    });
    if (options.store.isShared) void this.#keepCurrent(first);
  }

  get index(): RevocationIndex {
    return this.#copy.index;
  }

  /** Stamp that a new decision has to exceed. */
  get highestStamp(): number {
    return Math.max(this.#copy.highestStamp, positionOf(this.#mark));
  }

  /**
   * @throws Problem `store-unavailable` if the list is old and the policy is `closed`.
   */
  requireCurrent(): void {
    if (this.#isCurrent()) return;
    this.#reports.down();
    if (this.#options.policy === 'open') return;
    throw new Problem('store-unavailable', 'Revocations cannot be checked at the moment.', {
      retryAfterSeconds: 2,
    });
  }

  /** Takes a decision: of this process, which does not wait for its message, or of another. The latest about a target counts. */
  take(change: StoredChange): void {
    const { now, onChange } = this.#options;
    const { revocation } = change;
    const wasRevoked = this.#copy.has(revocation);
    if (!this.#copy.take(change, now())) return;
    if (this.#copy.has(revocation)) onChange({ kind: 'revoked', revocation });
    else if (wasRevoked) onChange({ kind: 'allowed', target: targetOf(revocation) });
  }

  /** Removes what has ended. */
  sweep(): void {
    for (const ended of this.#copy.sweep(this.#options.now()))
      this.#options.onChange({ kind: 'allowed', target: targetOf(ended) });
  }

  close(): void {
    this.#closing.abort();
    this.#unwatch();
  }

  #isCurrent(): boolean {
    const { store, elapsed, maxStaleMs } = this.#options;
    return !store.isShared || elapsed() - this.#currentAtMs <= maxStaleMs;
  }

  #receive(message: StoreMessage): void {
    if (message.kind === 'check') {
      this.#options.onChange(message);
      return;
    }
    this.take(message.change);
    if (this.#reading) {
      if (this.#links.length < MOST_LINKS) this.#links.push(message);
      return;
    }
    const isBehind = this.#isRead && positionOf(message.mark) > positionOf(this.#mark);
    if (!this.#follow(message) && isBehind) void this.#read().catch(() => undefined);
  }

  /** Is it the write after the last one that the copy has? */
  #follow({ mark, previous }: ChangeMessage): boolean {
    if (!this.#isRead || previous !== this.#mark) return false;
    this.#mark = mark;
    return true;
  }

  async #keepCurrent(first: Promise<boolean>): Promise<void> {
    const { signal } = this.#closing;
    let isUp = await first;
    let waitMs = FIRST_RETRY_MS;
    for (;;) {
      waitMs = isUp ? CHECK_MS : Math.min(CHECK_MS, waitMs * 2);
      // Instances that start together do not stay in step.
      const isOpen = await sleep(waitMs * (0.9 + Math.random() * 0.2), signal).then(
        () => true,
        () => false,
      );
      if (!isOpen) return;
      this.sweep();
      isUp = await this.#compare();
    }
  }

  /** Reads what is new. Resolves with whether the store responded. */
  async #compare(): Promise<boolean> {
    const { store, elapsed } = this.#options;
    const askedAtMs = elapsed();
    try {
      const mark = this.#isRead ? await this.#limited(store.mark()) : null;
      const mustReadAll = !this.#isRead || (this.#mustReadAll && !this.#isRestoring);
      if (mustReadAll || mark !== this.#mark) await this.#read();
    } catch {
      if (!this.#isCurrent()) this.#reports.down();
      return false;
    }
    this.#setCurrent(askedAtMs);
    return true;
  }

  /** A store that never responds must not end the comparisons. */
  #limited<T>(call: Promise<T>): Promise<T> {
    return within(this.#options.maxStaleMs, call, late);
  }

  #setCurrent(atMs: number): void {
    this.#currentAtMs = Math.max(atMs, this.#currentAtMs);
    if (this.#isCurrent()) this.#reports.current();
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readNew().finally(() => (this.#reading = null));
    return this.#reading;
  }

  async #readNew(): Promise<void> {
    const askedAtMs = this.#options.elapsed();
    this.#links = [];
    // What came out of order was in the store as well: if it is not there now, the store has lost it.
    const highest = this.#copy.highestStamp;
    const known = this.#mustReadAll && !this.#isRestoring ? null : this.#mark;
    const added = known === null ? null : await this.#readParts(positionOf(known), known);
    if (!added || positionOf(added.mark) < highest) return this.#readAll();
    this.#setCurrent(askedAtMs);
    this.#setMark(added.mark);
  }

  /** Reads the whole list, and writes back what is not in it. */
  async #readAll(): Promise<void> {
    const { elapsed, now } = this.#options;
    const askedAtMs = elapsed();
    const stamps = new Map<string, number>();
    const last = await this.#readParts(0, null, stamps);
    this.#setCurrent(askedAtMs);
    this.#setMark(last?.mark ?? null);
    const nowMs = now();
    const missing = [...this.#copy.changes].filter(
      (change) => keptUntil(change) > nowMs && change.stamp > (stamps.get(targetKey(change.revocation)) ?? 0),
    );
    // The copy has all that the store has, and more: requests do not wait.
    void this.#writeBack(missing);
  }

  /** If it fails, or the store loses data again meanwhile, the whole list is compared once more. */
  async #writeBack(missing: readonly StoredChange[]): Promise<void> {
    this.#mustReadAll = missing.length > 0;
    if (missing.length === 0 || this.#isRestoring) return;
    this.#isRestoring = true;
    const { store } = this.#options;
    let count = 0;
    try {
      for (let start = 0; start < missing.length && !this.#closing.signal.aborted; start += PART)
        count += await this.#limited(store.restore(missing.slice(start, start + PART), this.highestStamp));
    } catch (error) {
      this.#reports.notRestored(error);
    }
    this.#isRestoring = false;
    this.#reports.restored(count);
  }

  /** Takes what was written after a position, in parts. `null` if the store does not know the write that is known. */
  async #readParts(
    after: number,
    known: string | null,
    stamps?: Map<string, number>,
  ): Promise<StorePage | null> {
    for (let position = after; ;) {
      const page = await this.#limited(this.#options.store.read(position, known));
      if (known !== null && !page.isContinued) return null;
      this.#reports.unreadable(page.unreadable);
      for (const change of page.changes) {
        stamps?.set(targetKey(change.revocation), change.stamp);
        this.take(change);
      }
      if (page.next === null) return page;
      position = page.next;
    }
  }

  #setMark(mark: string | null): void {
    this.#mark = mark;
    this.#isRead = true;
    for (const link of this.#links) this.#follow(link);
    this.#links = [];
  }
}

/** Position of a write. 0 for none. */
function positionOf(mark: string | null): number {
  return Number.parseInt(mark ?? '0', 10);
}

function late(): Error {
  return new Error('The store did not respond in time.');
}
