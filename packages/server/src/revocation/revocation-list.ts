import type { Logger } from '../http/logger.js';
import { Problem } from '../http/problem.js';
import { sleep } from '../http/timeouts.js';
import type { StoreDownPolicy } from '../limits/store-policy.js';
import { makeSecret, userTag } from './grant-id.js';
import { RevocationIndex } from './revocation-index.js';
import { targetKey, targetOf, type Revocation, type RevocationTarget } from './revocation.js';
import type { RevocationStore, StoredList, StoreMessage } from './revocation-store.js';

/** What has changed. `check` asks pages to renew now. */
export type RevocationChange =
  | { readonly kind: 'revoked'; readonly revocation: Revocation }
  /** Lifted, or ended. */
  | { readonly kind: 'allowed'; readonly target: RevocationTarget }
  | { readonly kind: 'check'; readonly target: RevocationTarget };

/** A message that changes the list. */
type ListMessage = Exclude<StoreMessage, { kind: 'check' }>;

export interface RevocationListOptions {
  readonly store: RevocationStore;
  readonly policy: StoreDownPolicy;
  /** Time after which a list that could not be compared with the store counts as old, in milliseconds. */
  readonly maxStaleMs: number;
  readonly maxEntries: number;
  readonly logger: Logger;
  readonly now: () => number;
  readonly onChange: (change: RevocationChange) => void;
}

/** Time between two comparisons of the list with the store. Each is one small command. */
const CHECK_MS = 1000;
const FIRST_RETRY_MS = 100;

/**
 * The copy of the list in this process. Messages of the store change it at once. It is compared with the store every second, so that
 * a message that was lost is made up for within about a second.
 */
export class RevocationList {
  readonly index: RevocationIndex;
  /** Resolves when the list was read for the first time, or could not be read. */
  readonly ready: Promise<void>;
  isReady = false;
  readonly #options: RevocationListOptions;
  readonly #closing = new AbortController();
  readonly #unwatch: () => void;
  #secret = makeSecret();
  #version = -1;
  #epoch: string | null = null;
  #currentAtMs = -Infinity;
  #isReportedDown = false;
  #reading: Promise<void> | null = null;
  /** Messages during a read, which the read may not contain. */
  #missed: ListMessage[] = [];

  constructor(options: RevocationListOptions) {
    this.#options = options;
    this.index = this.#newIndex();
    this.#unwatch = options.store.watch({
      onMessage: (message) => this.#receive(message),
      onGap: () => void this.#read().catch(() => undefined),
    });
    this.ready = this.#compare().then(() => {
      this.isReady = true;
    });
    if (options.store.isShared) void this.#keepCurrent();
  }

  tagOf(user: string): string {
    return userTag(this.#secret, user);
  }

  /**
   * @throws Problem `store-unavailable` if the list is old and the policy is `closed`.
   */
  requireCurrent(): void {
    if (this.#isCurrent()) return;
    this.#reportDown();
    if (this.#options.policy === 'open') return;
    throw new Problem('store-unavailable', 'Revocations cannot be checked at the moment.', {
      retryAfterSeconds: 2,
    });
  }

  /** A change that this process has made and the store has taken. It does not wait for its message. */
  applyOwn(message: ListMessage): void {
    const isLate = message.version <= this.#version;
    this.#receive(message);
    const target = message.kind === 'revoked' ? message.revocation : message.target;
    const isApplied = (this.index.get(targetKey(target)) !== undefined) === (message.kind === 'revoked');
    // The store has lost its data, and counts again; or another process has changed the same target.
    if (isLate && !isApplied) void this.#read().catch(() => undefined);
  }

  /** Removes what has ended. */
  sweep(): void {
    for (const ended of this.index.sweep(this.#options.now()))
      this.#options.onChange({ kind: 'allowed', target: targetOf(ended) });
  }

  close(): void {
    this.#closing.abort();
    this.#unwatch();
  }

  #newIndex(): RevocationIndex {
    return new RevocationIndex((user) => this.tagOf(user));
  }

  #isCurrent(): boolean {
    const { store, now, maxStaleMs } = this.#options;
    return !store.isShared || now() - this.#currentAtMs <= maxStaleMs;
  }

  #reportDown(): void {
    if (this.#isReportedDown) return;
    this.#isReportedDown = true;
    const { policy, logger } = this.#options;
    if (policy === 'open')
      logger.warn({ policy }, 'The list of revocations is old. New revocations are not enforced');
    else logger.error({ policy }, 'The list of revocations is old. Requests are refused');
  }

  #receive(message: StoreMessage): void {
    if (message.kind === 'check') {
      this.#options.onChange(message);
      return;
    }
    if (this.#reading) this.#missed.push(message);
    if (message.version <= this.#version) return;
    const isNext = message.version === this.#version + 1;
    if (isNext) this.#version = message.version;
    // A revocation counts at once. What came before it is read.
    if (isNext || message.kind === 'revoked') this.#apply(message);
    if (!isNext) void this.#read().catch(() => undefined);
  }

  #apply(message: ListMessage): void {
    const { onChange } = this.#options;
    if (message.kind === 'allowed') {
      this.index.delete(targetKey(message.target));
      onChange({ kind: 'allowed', target: message.target });
      return;
    }
    this.index.set(message.revocation);
    onChange({ kind: 'revoked', revocation: message.revocation });
  }

  async #keepCurrent(): Promise<void> {
    const { signal } = this.#closing;
    let isUp = this.#currentAtMs > -Infinity;
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

  /** Reads the list if it has changed. Resolves with whether the store responded. */
  async #compare(): Promise<boolean> {
    const { store, now } = this.#options;
    const askedAtMs = now();
    try {
      const state = this.#epoch === null ? null : await store.state();
      if (state?.version !== this.#version || state.epoch !== this.#epoch) await this.#read();
    } catch {
      if (!this.#isCurrent()) this.#reportDown();
      return false;
    }
    this.#setCurrent(askedAtMs);
    return true;
  }

  #setCurrent(atMs: number): void {
    this.#currentAtMs = Math.max(atMs, this.#currentAtMs);
    if (!this.#isReportedDown || !this.#isCurrent()) return;
    this.#isReportedDown = false;
    this.#options.logger.warn({}, 'The list of revocations is current again');
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readOnce().finally(() => (this.#reading = null));
    return this.#reading;
  }

  async #readOnce(): Promise<void> {
    const { store, now } = this.#options;
    const askedAtMs = now();
    this.#missed = [];
    let list = await store.read(this.#secret, makeSecret());
    if (this.#epoch !== null && list.epoch !== this.#epoch) {
      await this.#writeBack(new Set(list.revocations.map(targetKey)));
      list = await store.read(this.#secret, list.epoch);
    }
    this.#replace(list);
    this.#setCurrent(askedAtMs);
  }

  /** The store has lost its data: revocations that are in force stay so. */
  async #writeBack(known: ReadonlySet<string>): Promise<void> {
    const { store, logger, now, maxEntries: max } = this.#options;
    const nowMs = now();
    const lost = this.index
      .values()
      .filter((each) => each.until * 1000 > nowMs && !known.has(targetKey(each)));
    logger.warn({ count: lost.length }, 'The store has lost its data. Revocations are written back');
    for (const each of lost) await store.put(each, { nowMs, max });
  }

  /** Takes the list of the store, with the messages that came while it was read. */
  #replace({ secret, epoch, version, revocations }: StoredList): void {
    const nowMs = this.#options.now();
    const inForce = new Map(
      revocations.filter(({ until }) => until * 1000 > nowMs).map((each) => [targetKey(each), each]),
    );
    this.#version = version;
    for (const message of this.#missed) {
      if (message.version !== this.#version + 1) continue;
      this.#version = message.version;
      if (message.kind === 'allowed') inForce.delete(targetKey(message.target));
      else inForce.set(targetKey(message.revocation), message.revocation);
    }
    this.#missed = [];
    this.#epoch = epoch;
    const hasOtherTags = secret !== this.#secret;
    this.#secret = secret;
    this.#update(inForce, hasOtherTags);
  }

  #update(inForce: ReadonlyMap<string, Revocation>, hasOtherTags: boolean): void {
    const { onChange } = this.#options;
    for (const each of this.index.values()) {
      if (inForce.has(targetKey(each))) continue;
      this.index.delete(targetKey(each));
      onChange({ kind: 'allowed', target: targetOf(each) });
    }
    for (const [key, each] of inForce) {
      const isKnown = this.index.get(key)?.revokedAt === each.revokedAt;
      if (isKnown && !hasOtherTags) continue;
      this.index.set(each);
      if (!isKnown) onChange({ kind: 'revoked', revocation: each });
    }
  }
}
