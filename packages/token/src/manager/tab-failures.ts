import type { RefreshReason } from '@gatecast/contract';
import type { GatecastError } from '../errors.js';
import { RequestBudget } from '../failure/request-budget.js';
import { retryDelayMs } from '../failure/retry-delay.js';
import { errorOf, writeSharedFailure, type SharedFailure } from '../tabs/shared-failure.js';
import type { TabMessage } from '../tabs/tab-message.js';
import { mayConcernOneStream } from './after-failure.js';
import type { ManagerContext } from './manager-context.js';
import type { TabRequests } from './tab-tokens.js';

type Failed = Extract<TabMessage, { type: 'failed' }>;

/** As long as `retryDelayMs` respects a `Retry-After`. */
const LONGEST_MS = 10 * 60_000 + 1000;

/** After a failure that may be one tab's own, the others ask first: within the first of these times, and that tab after the second. */
const OTHERS_FIRST_MS = 1000;
const SELF_LAST_MS = 1500;

/** No request of this tab before a time of the kit's clock, which a new time of the device does not move. */
interface Block {
  readonly failure: SharedFailure;
  readonly untilMs: number;
}

/** Failed requests of all tabs of a group: they ask an endpoint that does not help no more often than one tab would. */
export class TabFailures {
  readonly #wallNow: () => number;
  readonly #context: Pick<ManagerContext, 'clock' | 'slots' | 'random'>;
  readonly #requests: Pick<TabRequests, 'timer' | 'allowOne'>;
  /** Is the source a function of the page? */
  readonly #isOwn: boolean;
  /** Has a request of this tab failed since it has had a token? */
  #hasFailed = false;
  /** Are there others? */
  hasOthers = false;
  /** Of the whole service. */
  #count = 0;
  #block: Block | null = null;
  /** Of single streams. */
  readonly #counts = new Map<string, number>();
  readonly #blocks = new Map<string, Block>();
  /** As each tab has one for itself: the requests of several tabs, and of several streams, that did not help. */
  readonly #budget = new RequestBudget();

  constructor(wallNow: () => number, context: ManagerContext, requests: TabRequests) {
    this.#wallNow = wallNow;
    this.#context = context;
    this.#requests = requests;
    this.#isOwn = requests.source.scope?.url === undefined;
  }

  /**
   * A request of this tab has failed. Returns what the others are told; `null` if they should try it themselves. The errors of a
   * function of the page are about this page, unless the server that it asks is failing.
   */
  add(error: GatecastError, streams: readonly string[], remainingLifeMs: number): Failed | null {
    const failure = writeSharedFailure(error);
    const isOfServer = error.status !== undefined && (!this.#isOwn || error.retryable);
    if (!failure || !(isOfServer || (error.retryable && !this.#isOwn))) return null;
    const attempt = this.#countOf(error, streams) + 1;
    const { clock, random } = this.#context;
    this.#hasFailed = true;
    this.#budget.spend(clock.now());
    this.#setCount(error, streams, attempt);
    const { retryAfterMs } = error;
    const waitMs = retryDelayMs({ attempt, random: random(), retryAfterMs, remainingLifeMs });
    if (this.hasOthers && this.#mayBeOfOneTab(error)) this.#retryIn(waitMs + SELF_LAST_MS, 0);
    return { type: 'failed', streams, failure, failures: attempt, untilMs: this.#wallNow() + waitMs };
  }

  /** Is the failure of another tab one of this tab as well? It tries itself what may be about the other one. */
  concerns(failure: SharedFailure): boolean {
    return this.#hasFailed || !this.#mayBeOfOneTab(failure);
  }

  /** A request of another tab has failed. */
  heard({ failure, failures, streams, untilMs }: Failed): void {
    const error = errorOf(failure);
    const count = Math.max(this.#countOf(error, streams), Math.min(failures, 1000));
    const nowMs = this.#context.clock.now();
    const waitMs = Math.min(Math.max(0, untilMs - this.#wallNow()), LONGEST_MS);
    const block = { failure, untilMs: nowMs + waitMs };
    this.#budget.spend(nowMs);
    this.#setCount(error, streams, count);
    if (!this.concerns(failure)) return;
    if (mayConcernOneStream(error)) this.#blockStreams(streams, block);
    // A shorter wait does not end one that the server has named.
    else if (!this.#block || this.#block.untilMs < block.untilMs) this.#block = block;
    this.retryAfterBlock();
  }

  /** What this tab tries again, it tries before the one whose failure may be its own. */
  retryAfterBlock(): void {
    if (!this.#block || !this.#mayBeOfOneTab(this.#block.failure)) return;
    const nowMs = this.#context.clock.now();
    // What was not sent counts for the budget of this tab, too.
    this.#requests.allowOne();
    this.#retryIn(Math.max(this.#block.untilMs - nowMs, this.#budget.waitMs(nowMs)), OTHERS_FIRST_MS);
  }

  /**
   * The error of a request that would be sent too early: the tabs have agreed on a later time, or have used up together what one
   * tab may send. A manual one is always sent, and so is the first one for a stream.
   */
  blocks(stream: string, reason: RefreshReason): GatecastError | null {
    if (reason === 'manual') return null;
    const nowMs = this.#context.clock.now();
    const budgetMs = this.#budget.waitMs(nowMs);
    for (const block of [this.#block, this.#blocks.get(stream)]) {
      if (!block) continue;
      const waitMs = Math.max(budgetMs, block.untilMs - nowMs);
      if (waitMs > 0) return errorOf(block.failure, waitMs);
    }
    return null;
  }

  /** The network is back. A backend that has named a time was reached before. */
  networkIsBack(): void {
    if (this.#block?.failure.status === undefined) this.#block = null;
    this.#budget.allowOne(this.#context.clock.now());
  }

  /** A tab has got tokens of these streams; without any, the group is left. */
  clear(streams: Iterable<string> = this.#counts.keys()): void {
    this.#count = 0;
    this.#block = null;
    this.#hasFailed = false;
    this.#budget.reset(this.#context.clock.now());
    for (const stream of [...streams]) {
      this.#counts.delete(stream);
      this.#blocks.delete(stream);
    }
  }

  #mayBeOfOneTab({ status }: Pick<SharedFailure, 'status'>): boolean {
    return this.#isOwn || status === undefined;
  }

  #retryIn(delayMs: number, spreadMs: number): void {
    const { slots, random } = this.#context;
    if (delayMs <= 0) return;
    for (const slot of slots.values())
      if (slot.phase.kind === 'retrying' && slot.phase.error.retryAfterMs === undefined)
        this.#requests.timer.retryIn(slot, delayMs + random() * spreadMs);
  }

  #countOf(error: GatecastError, streams: readonly string[]): number {
    if (!mayConcernOneStream(error)) return this.#count;
    return Math.max(0, ...streams.map((stream) => this.#counts.get(stream) ?? 0));
  }

  #setCount(error: GatecastError, streams: readonly string[], count: number): void {
    if (!mayConcernOneStream(error)) this.#count = count;
    else for (const stream of this.#known(streams)) this.#counts.set(stream, count);
  }

  #blockStreams(streams: readonly string[], block: Block): void {
    for (const stream of this.#known(streams)) this.#blocks.set(stream, block);
  }

  /** Those that this tab uses. Others are forgotten. */
  #known(streams: readonly string[]): string[] {
    const { slots } = this.#context;
    for (const stream of [...this.#counts.keys()]) {
      if (slots.has(stream)) continue;
      this.#counts.delete(stream);
      this.#blocks.delete(stream);
    }
    return streams.filter((stream) => slots.has(stream));
  }
}
