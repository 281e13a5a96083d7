import type { RefreshReason } from '@gatecast/contract';
import { unlessAborted } from '../source/read-answer.js';
import type { TabEnvironment, TabScope } from '../source/tab-scope.js';
import type { TokenSource } from '../source/token-source.js';
import { groupName, questionOf } from '../tabs/group-name.js';
import { errorOf } from '../tabs/shared-failure.js';
import { browserEnvironment } from '../tabs/browser-environment.js';
import { TabLink } from '../tabs/tab-link.js';
import type { Received } from '../tabs/tab-message.js';
import { TurnWait } from '../tabs/turn-wait.js';
import { delay, type Cancel } from '../time/clock.js';
import { startDeadline } from '../time/deadline.js';
import type { ManagerContext, Tabs } from './manager-context.js';
import { GroupPush } from './group-push.js';
import { TabClaim } from './tab-claim.js';
import { TabFailures } from './tab-failures.js';
import { TabRound } from './tab-round.js';
import { TabTokens, type TabRequests } from './tab-tokens.js';
import { remainingLifeMs, type TokenSlot } from './token-slot.js';

/** Longest wait for what the browser needs to connect tabs. */
const CONNECT_MS = 500;
/** A tab that starts waits so long for tokens of the others, if there are any. */
const START_WAIT_MS = 120;
/** A page that was left joins its group again so long after it runs again. */
const REJOIN_MS = 50;
/**
 * Longest wait for another tab: without a valid token a random time, so that not all tabs ask a slow backend together, and with
 * one at most half of its remaining life.
 */
const BOUND_MS = { dead: 2000, longestDead: 5000, least: 1000, most: 5000 };
/** A tab that says nothing for this part of the wait has stopped. */
const SILENCE = 0.4;

/**
 * The tabs of an origin with the same endpoint, purpose and session key, seen from one of them. One asks for all: whose turn it
 * is says a lock of the browser, and it hands its tokens, or its failure, to the others.
 */
export class TabGroup implements Tabs {
  readonly #context: ManagerContext;
  readonly #requests: TabRequests;
  readonly #scope: TabScope;
  readonly #question: string;
  /** `null` if tokens are not shared. */
  #environment: TabEnvironment | null;
  readonly #tokens: TabTokens;
  readonly #failures: TabFailures;
  readonly push: GroupPush;
  readonly #claims = new Set<TabClaim>();
  #link: TabLink | null = null;
  #round: TabRound | null = null;
  #connecting: Promise<TabLink> | null = null;
  #cancels: Cancel[] = [];
  #opening = 0;
  /** Has it taken too long to connect? */
  #isLate = false;
  /** Requests of this tab while it is its turn. */
  #turns = 0;

  constructor(context: ManagerContext, requests: TabRequests) {
    const { scope = {} } = requests.source;
    this.#context = context;
    this.#requests = requests;
    this.#scope = scope;
    this.#question = sharedBy(requests.source);
    const isShared = questionOf(requests.source) !== null;
    this.#environment = isShared ? (scope.tabEnvironment ?? browserEnvironment()) : null;
    this.#tokens = new TabTokens(context, requests);
    this.#failures = new TabFailures(() => this.#environment?.wallNow() ?? 0, context, requests);
    const environment = this.#environment;
    this.push = new GroupPush({
      ...{ requests, context },
      connect: (signal) => this.#connect(signal),
      link: () => this.#link,
      digest: (text) => (environment ? environment.digest(text) : Promise.reject(new Error('No tabs.'))),
    });
  }

  /**
   * Gets tokens for slots: from other tabs, or with a request of this one. Without slots, only enters the group. Never rejects.
   */
  async request(slots: readonly TokenSlot[], reason: RefreshReason): Promise<void> {
    const { source } = this.#requests;
    // A function of the page has no requests that were sent before.
    const isStarted = (stream: string): boolean =>
      this.#scope.url !== undefined && source.started?.(stream, reason) !== undefined;
    const claim = new TabClaim(slots, reason, this.#requests, this.#context, isStarted);
    if (claim.left.length === 0) {
      if (slots.length === 0) await this.#enter();
      return;
    }
    this.#claims.add(claim);
    while (this.#environment && (await this.#wasLeft(claim))) continue;
    this.#claims.delete(claim);
    await claim.send();
    if (this.#context.leases.size === 0 && this.#claims.size === 0) this.close();
  }

  /** Other tabs find this one from now on. */
  async #enter(): Promise<void> {
    const signal = new AbortController().signal;
    if (this.#environment && this.#context.leases.size > 0)
      await this.#connect(signal).catch(() => undefined);
    if (this.#context.leases.size === 0 && this.#claims.size === 0) this.close();
  }

  /** Leaves the group and forgets its tokens. */
  close(): void {
    this.#disconnect();
    this.#tokens.forget();
    this.#failures.clear();
  }

  moved(): void {
    if (sharedBy(this.#requests.source) === this.#question) return;
    this.close();
    this.#environment = null;
    delete this.#context.tabs;
  }

  /** Asks in the group. Resolves with whether the page was left before its turn, and is here again. */
  async #wasLeft(claim: TabClaim): Promise<boolean> {
    let link: TabLink | null = null;
    try {
      const isNew = !this.#link;
      link = await this.#connect(claim.signal);
      await this.#ask(claim, link, isNew);
    } catch {
      // The streams were released, the browser has refused something, or the page is left.
    }
    if (!link?.isClosed || claim.signal.aborted || claim.left.length === 0) return false;
    // Timers do not run in the back/forward cache.
    return delay(this.#context.clock, REJOIN_MS, claim.signal).then(
      () => true,
      () => false,
    );
  }

  /** Only the first requests wait for a browser that does not respond. After an error the next one connects again. */
  async #connect(signal: AbortSignal): Promise<TabLink> {
    if (this.#isLate && !this.#link) throw new Error('The browser takes too long.');
    const deadline = startDeadline(this.#context.clock, CONNECT_MS, signal);
    const connecting = (this.#connecting ??= this.#open());
    const forget = (): void => {
      if (this.#connecting === connecting) this.#connecting = null;
    };
    try {
      return await unlessAborted(
        connecting.catch((error: unknown) => {
          forget();
          throw error;
        }),
        deadline.signal,
      );
    } catch (error) {
      if (deadline.signal.aborted && !signal.aborted) this.#isLate = true;
      throw error;
    } finally {
      deadline.end();
    }
  }

  async #open(): Promise<TabLink> {
    const opening = ++this.#opening;
    const environment = this.#environment;
    if (!environment) throw new Error('Tabs cannot be connected.');
    const name = await groupName(this.#requests.source, this.#requests.purpose, (text) =>
      environment.digest(text),
    );
    // The last stream may have been released meanwhile.
    if (opening !== this.#opening) throw new Error('The group is closed.');
    const link = new TabLink(name, environment, (message) => this.#receive(message, link));
    this.#link = link;
    this.#round = new TabRound(link, this.#context, this.#tokens, this.#failures, this.#scope);
    this.#cancels = [
      environment.onPageHide(() => this.#disconnect()),
      this.#context.clock.onWake((reason) => {
        if (reason === 'online') this.#failures.networkIsBack();
      }),
    ];
    return link;
  }

  #disconnect(): void {
    this.#opening += 1;
    this.#isLate = false;
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#link?.close();
    this.#link = this.#round = this.#connecting = null;
  }

  async #ask(claim: TabClaim, link: TabLink, isNew: boolean): Promise<void> {
    await this.#failBlocked(claim);
    // What the page has requested before the element was there is under way already.
    if (!claim.isStarted) {
      if (isNew || /^(?:initial|resume)$/.test(claim.reason)) await this.#askPeers(claim, link);
      const release = this.#turns > 0 ? null : await this.#takeTurn(claim, link);
      await this.#useTurn(claim, release);
      return;
    }
    await this.#round?.run(claim);
  }

  /** Other requests of this tab need no turn of their own. */
  async #useTurn(claim: TabClaim, release: (() => void) | null): Promise<void> {
    this.#turns += 1;
    claim.wait = null;
    for (const other of this.#claims) other.wait?.skip();
    try {
      await this.#failBlocked(claim);
      await this.#round?.run(claim);
    } finally {
      this.#turns -= 1;
      release?.();
    }
  }

  /** Takes tokens that other tabs have; waits until all tabs have responded, and not for long. */
  async #askPeers(claim: TabClaim, link: TabLink): Promise<void> {
    const deadline = startDeadline(this.#context.clock, START_WAIT_MS, claim.signal);
    try {
      const peers = await unlessAborted(link.peers(), deadline.signal);
      if (peers > 0)
        await unlessAborted(
          claim.replies(peers, () => this.#want(claim, link, false)),
          deadline.signal,
        );
    } catch {
      claim.signal.throwIfAborted();
    } finally {
      deadline.end();
    }
  }

  #takeTurn(claim: TabClaim, link: TabLink): Promise<() => void> {
    const { clock, serverClock, random } = this.#context;
    const nowMs = serverClock.now();
    const lifeMs = Math.min(...claim.left.map((slot) => remainingLifeMs(slot, nowMs)));
    const { dead, longestDead, least, most } = BOUND_MS;
    const boundMs = lifeMs > 0 ? Math.min(most, Math.max(least, lifeMs / 2)) : dead;
    const isDead = lifeMs <= 0;
    const wait = new TurnWait({
      ...{ link, clock, signal: claim.signal },
      // Spread, so that one tab takes the turn and not all.
      silenceMs: boundMs * SILENCE * (1 + random() / 2),
      boundMs: isDead ? dead + random() * (longestDead - dead) : boundMs,
      ping: () => this.#want(claim, link, true),
    });
    claim.wait = wait;
    return wait.turn;
  }

  #want(claim: TabClaim, link: TabLink, isWaiting: boolean): void {
    link.post({ type: 'want', streams: claim.streams, isWaiting });
  }

  async #failBlocked(claim: TabClaim): Promise<void> {
    for (const slot of claim.left) {
      const error = this.#failures.blocks(slot.stream, claim.reason);
      if (error) await claim.fail(slot, error);
    }
    this.#failures.retryAfterBlock();
    claim.signal.throwIfAborted();
  }

  #receive(message: Received, link: TabLink): void {
    const round = this.#round;
    if (link !== this.#link || !round) return;
    this.#failures.hasOthers = true;
    switch (message.type) {
      case 'want':
        round.reply(message);
        if (!message.isWaiting) this.push.tellNew();
        break;
      case 'pushed':
        this.push.heard(message.event);
        break;
      case 'asking':
        round.heardAsking(message, this.#claims);
        break;
      case 'also':
        round.add(message.streams);
        break;
      case 'tokens':
        this.#takeTokens(message, link, round);
        break;
      case 'failed':
        round.heardEnd(message.from);
        if (this.#failures.concerns(message.failure))
          for (const claim of this.#claims)
            for (const slot of claim.left)
              if (message.streams.includes(slot.stream)) void claim.fail(slot, errorOf(message.failure));
        this.#failures.heard(message);
    }
  }

  #takeTokens(message: Extract<Received, { type: 'tokens' }>, link: TabLink, round: TabRound): void {
    const { from, to, items, aheadMs, rejections } = message;
    if (to === null) round.heardEnd(from, new Set(items.map(({ stream }) => stream)));
    if (items.length > 0 && to === null) this.#failures.clear(items.map(({ stream }) => stream));
    const [first] = items;
    if (aheadMs !== null && this.#environment && first) {
      const expiresAtMs = to === null ? first.expiresAtMs : null;
      this.#tokens.setServerTime(this.#environment.wallNow() + aheadMs, expiresAtMs);
    }
    for (const item of items) this.#tokens.take(item, rejections);
    if (to === link.id) for (const claim of this.#claims) claim.onReply?.(from);
  }
}

/** What those have in common that share tokens, as text. */
function sharedBy(source: TokenSource): string {
  return JSON.stringify([questionOf(source), source.scope?.session, source.scope?.dpop]);
}

/** The tabs of a manager, which it enters with its first request. */
export function tabsOf(context: ManagerContext, requests: TabRequests): Tabs {
  return (context.tabs ??= new TabGroup(context, requests));
}
