import type { GatecastError } from '../errors.js';
import type { TabScope } from '../source/tab-scope.js';
import type { TabLink } from '../tabs/tab-link.js';
import type { Received } from '../tabs/tab-message.js';
import { delay } from '../time/clock.js';
import { mayConcernOneStream } from './after-failure.js';
import type { ManagerContext } from './manager-context.js';
import type { TabClaim } from './tab-claim.js';
import type { TabFailures } from './tab-failures.js';
import type { TabTokens } from './tab-tokens.js';
import { createSlot, remainingLifeMs, type TokenSlot } from './token-slot.js';

/** A scheduled request waits so long for streams that other tabs need soon. */
const COLLECT_MS = 25;
/** What a tab has said about its needs and requests counts for so long. */
const HEARD_MS = 3000;
/** Streams of one request with those of other tabs: an endpoint may refuse more (`maxStreams` of our handler). */
const MAX_STREAMS = 32;
/** As failures of a temporary slot: if the request fails, it is not repeated for that stream alone. */
const NOT_ALONE = Infinity;

/** Longest random delay between the requests of several tabs after failures. */
const SPREAD_MS = 100;

interface Heard {
  readonly streams: readonly string[];
  readonly atMs: number;
}

/** What a tab asks for, for itself and for others, and what it hears of their requests. */
export class TabRound {
  readonly #link: TabLink;
  readonly #context: ManagerContext;
  readonly #tokens: TabTokens;
  readonly #failures: TabFailures;
  readonly #scope: TabScope;
  /** Streams of the requests of this tab that are in flight. */
  readonly #asking = new Set<readonly string[]>();
  /** What other tabs have added while this one collects. */
  #added: Set<string> | null = null;
  readonly #wants = new Map<string, Heard>();
  readonly #asks = new Map<string, Heard>();

  constructor(
    link: TabLink,
    context: ManagerContext,
    tokens: TabTokens,
    failures: TabFailures,
    scope: TabScope,
  ) {
    this.#link = link;
    this.#context = context;
    this.#tokens = tokens;
    this.#failures = failures;
    this.#scope = scope;
  }

  /** Requests what is left of a claim, or a part of it, with what other tabs need, and hands it out. */
  async run(claim: TabClaim, part?: readonly TokenSlot[]): Promise<void> {
    const added = part ? [] : await this.#collect(claim);
    const own = part ?? claim.left;
    if (own.length === 0) return;
    const others = this.#slotsOf(added);
    const slots = [...own, ...others];
    const before = new Map(slots.map((slot) => [slot, slot.token]));
    const streams = slots.map(({ stream }) => stream);
    this.#asking.add(streams);
    this.#link.post({ type: 'asking', streams, isOpen: false });
    try {
      await claim.send(own, others);
      const news = slots.filter((slot) => slot.token !== before.get(slot) && slot.phase.kind === 'idle');
      if (news.length > 0) this.#share(news, claim.reason === 'rejected');
      this.#shareFailures(own, others);
    } finally {
      this.#asking.delete(streams);
      this.#remove(others);
    }
  }

  /** Another tab needs tokens. */
  reply({ from, streams, isWaiting }: Received & { type: 'want' }): void {
    this.#note(this.#wants, from, streams);
    for (const asked of this.#asking) this.#link.post({ type: 'asking', streams: asked, isOpen: false });
    const items = this.#tokens.fresh(streams);
    if (items.length > 0 || !isWaiting) this.#post(items, from, 0);
  }

  /** Another tab asks: claims for the same wait for it, and others need not. */
  heardAsking({ from, streams, isOpen }: Received & { type: 'asking' }, claims: ReadonlySet<TabClaim>): void {
    this.#note(this.#asks, from, streams);
    if (isOpen) this.#offer(streams, claims);
    for (const claim of claims) {
      if (claim.left.some(({ stream }) => this.#heard(this.#asks).has(stream))) claim.wait?.heard();
      if (isOpen) continue;
      // The tabs whose requests have failed wait for the same: one asks first, and the others hear of it.
      if (!hasFailed(claim)) this.#askOthers(claim);
      else
        void delay(this.#context.clock, this.#context.random() * SPREAD_MS, claim.signal).then(
          () => this.#askOthers(claim),
          () => undefined,
        );
    }
  }

  /** What no other tab asks for needs no turn. */
  #askOthers(claim: TabClaim): void {
    if (!claim.wait) return;
    const isAsked = this.#heard(this.#asks);
    const others = claim.left.filter(({ stream }) => !isAsked.has(stream));
    if (others.length === claim.left.length) claim.wait.skip();
    else if (others.length > 0) void this.run(claim, others);
  }

  /** The request of a tab has ended. Nobody needs what it has got. */
  heardEnd(from: string, got: ReadonlySet<string> = new Set()): void {
    this.#asks.delete(from);
    for (const [tab, { streams, atMs }] of this.#wants)
      this.#wants.set(tab, { streams: streams.filter((stream) => !got.has(stream)), atMs });
  }

  /** Another tab adds streams to the request of this one. */
  add(streams: readonly string[]): void {
    for (const stream of streams) this.#added?.add(stream);
  }

  /** Streams that other tabs need as well. Those of a function of the page are its own. */
  async #collect(claim: TabClaim): Promise<string[]> {
    const { reason } = claim;
    if (this.#scope.url === undefined || reason === 'rejected' || reason === 'manual') return [];
    // What is refused would be refused with them as well.
    if (hasFailed(claim)) return [];
    const added = (this.#added = new Set(this.#heard(this.#wants)));
    if (reason === 'scheduled' && !claim.isStarted) {
      this.#link.post({ type: 'asking', streams: claim.streams, isOpen: true });
      await delay(this.#context.clock, COLLECT_MS, claim.signal);
    }
    this.#added = null;
    this.#wants.clear();
    for (const { stream } of claim.left) added.delete(stream);
    return [...added].slice(0, Math.max(0, MAX_STREAMS - claim.left.length));
  }

  /** Adds the streams of this tab that wait, or are due before half of their time is over, to the request of another tab. */
  #offer(asked: readonly string[], claims: ReadonlySet<TabClaim>): void {
    const { clock, serverClock, slots, leases } = this.#context;
    const nowMs = clock.now();
    const streams = [...claims].flatMap((claim) => (claim.wait ? claim.streams : []));
    for (const { stream, token, phase, refreshAtMs } of slots.values()) {
      if (phase.kind !== 'idle' || !token || !leases.isKeptFresh(stream)) continue;
      const spanMs = refreshAtMs - (token.receivedAtMs - serverClock.offsetMs);
      if (refreshAtMs - nowMs < spanMs / 2) streams.push(stream);
    }
    const missing = streams.filter((stream) => !asked.includes(stream));
    if (missing.length > 0) this.#link.post({ type: 'also', streams: missing });
  }

  #note(heard: Map<string, Heard>, from: string, streams: readonly string[]): void {
    this.#heard(heard);
    heard.set(from, { streams, atMs: this.#context.clock.now() });
  }

  #heard(heard: Map<string, Heard>): Set<string> {
    const nowMs = this.#context.clock.now();
    for (const [from, { atMs }] of heard) if (nowMs - atMs > HEARD_MS) heard.delete(from);
    return new Set([...heard.values()].flatMap(({ streams }) => streams));
  }

  /** Slots for streams that this tab has no use for itself. */
  #slotsOf(streams: readonly string[]): TokenSlot[] {
    return streams.flatMap((stream) => {
      const known = this.#context.slots.get(stream);
      if (known && known.phase.kind !== 'idle') return [];
      const slot = known ?? { ...createSlot(stream), failures: NOT_ALONE };
      slot.cancelAlarm?.();
      slot.phase = { kind: 'requesting', reason: 'scheduled' };
      this.#context.slots.set(stream, slot);
      return [slot];
    });
  }

  #remove(others: readonly TokenSlot[]): void {
    const { slots, leases } = this.#context;
    for (const slot of others) {
      if (leases.isHeld(slot.stream) || slot.waiters.size > 0 || slot.request) continue;
      slot.cancelAlarm?.();
      slots.delete(slot.stream);
    }
  }

  #share(slots: readonly TokenSlot[], isRejected: boolean): void {
    this.#failures.clear(slots.map(({ stream }) => stream));
    const rejections = isRejected ? Math.max(1, ...slots.map((slot) => slot.rejections)) : 0;
    this.#post(
      slots.flatMap((slot) => this.#tokens.share(slot)),
      null,
      rejections,
    );
  }

  #post(items: ReturnType<TabTokens['fresh']>, to: string | null, rejections: number): void {
    const { serverClock } = this.#context;
    const aheadMs = serverClock.isKnown ? serverClock.now() - this.#link.wallNow() : null;
    this.#link.post({ type: 'tokens', items, to, aheadMs, rejections });
  }

  /** A request that was refused because of one stream says nothing about those of other tabs. */
  #shareFailures(own: readonly TokenSlot[], others: readonly TokenSlot[]): void {
    const { serverClock } = this.#context;
    const failed = new Map<GatecastError, TokenSlot[]>();
    for (const slot of [...own, ...others]) {
      const { phase } = slot;
      if (phase.kind !== 'retrying' && phase.kind !== 'failed') continue;
      if (mayConcernOneStream(phase.error) && others.includes(slot)) continue;
      failed.set(phase.error, [...(failed.get(phase.error) ?? []), slot]);
    }
    for (const [error, ofError] of failed) {
      const streams = ofError.map(({ stream }) => stream);
      const lifeMs = Math.min(...ofError.map((slot) => remainingLifeMs(slot, serverClock.now())));
      const message = this.#failures.add(error, streams, lifeMs);
      if (message) this.#link.post(message);
    }
  }
}

function hasFailed({ left }: TabClaim): boolean {
  return left.some(({ failures }) => failures > 0);
}
