import type { RefreshReason } from '@gatecast/contract';
import { unlessAborted } from '../source/read-answer.js';
import type { TabEnvironment, TabScope } from '../source/tab-scope.js';
import { groupName } from '../tabs/group-name.js';
import { errorOf } from '../tabs/shared-failure.js';
import { browserEnvironment } from '../tabs/browser-environment.js';
import { TabLink } from '../tabs/tab-link.js';
import type { Received } from '../tabs/tab-message.js';
import { TurnWait } from '../tabs/turn-wait.js';
import type { Cancel } from '../time/clock.js';
import { startDeadline } from '../time/deadline.js';
import type { ManagerContext, Tabs } from './manager-context.js';
import { TabClaim } from './tab-claim.js';
import { TabFailures } from './tab-failures.js';
import { TabRound } from './tab-round.js';
import { TabTokens, type TabRequests } from './tab-tokens.js';
import { remainingLifeMs, type TokenSlot } from './token-slot.js';

/** Longest wait for what the browser needs to connect tabs. */
const CONNECT_MS = 500;
/** A tab that starts waits so long for tokens of the others, if there are any. */
const START_WAIT_MS = 120;
/** Longest wait for another tab without a valid token, and with one at most half of its remaining life. */
const BOUND_MS = { dead: 2000, least: 1000, most: 5000 };
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
  readonly #environment: TabEnvironment | null;
  readonly #tokens: TabTokens;
  readonly #failures: TabFailures;
  readonly #claims = new Set<TabClaim>();
  #link: TabLink | null = null;
  #round: TabRound | null = null;
  #connecting: Promise<TabLink> | null = null;
  #cancels: Cancel[] = [];
  #opening = 0;
  /** Requests of this tab while it is its turn. */
  #turns = 0;

  constructor(context: ManagerContext, requests: TabRequests) {
    const { scope = {} } = requests.source;
    this.#context = context;
    this.#requests = requests;
    this.#scope = scope;
    this.#environment = scope.tabEnvironment ?? browserEnvironment();
    this.#tokens = new TabTokens(context, requests);
    this.#failures = new TabFailures(() => this.#environment?.wallNow() ?? 0);
  }

  /**
   * Gets tokens for slots: from other tabs, or with a request of this one. Never rejects.
   */
  async request(slots: readonly TokenSlot[], reason: RefreshReason): Promise<void> {
    const { source } = this.#requests;
    // A function of the page has no requests that were sent before.
    const isStarted = (stream: string): boolean =>
      this.#scope.url !== undefined && source.started?.(stream, reason) !== undefined;
    const claim = new TabClaim(slots, reason, this.#requests, this.#context, isStarted);
    if (claim.left.length === 0) return;
    this.#claims.add(claim);
    try {
      const isNew = !this.#link;
      if (this.#environment) await this.#ask(claim, await this.#connect(claim.signal), isNew);
    } catch {
      // The streams were released, or the browser has refused something.
    }
    this.#claims.delete(claim);
    await claim.send();
    if (this.#context.leases.size === 0 && this.#claims.size === 0) this.close();
  }

  /** Leaves the group and forgets its tokens. */
  close(): void {
    this.#disconnect();
    this.#tokens.forget();
    this.#failures.clear();
  }

  async #connect(signal: AbortSignal): Promise<TabLink> {
    const deadline = startDeadline(this.#context.clock, CONNECT_MS, signal);
    try {
      return await unlessAborted((this.#connecting ??= this.#open()), deadline.signal);
    } finally {
      deadline.end();
    }
  }

  async #open(): Promise<TabLink> {
    const opening = ++this.#opening;
    const environment = this.#environment;
    if (!environment) throw new Error('Tabs cannot be connected.');
    const name = await groupName(this.#scope, this.#requests.purpose, (text) => environment.digest(text));
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
          claim.replies(peers, () => this.#want(claim, link)),
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
    const boundMs =
      lifeMs > 0 ? Math.min(BOUND_MS.most, Math.max(BOUND_MS.least, lifeMs / 2)) : BOUND_MS.dead;
    const wait = new TurnWait({
      ...{ link, clock, boundMs, signal: claim.signal },
      // Spread, so that one tab takes the turn and not all.
      silenceMs: boundMs * SILENCE * (1 + random() / 2),
      ping: () => this.#want(claim, link),
    });
    claim.wait = wait;
    return wait.turn;
  }

  #want(claim: TabClaim, link: TabLink): void {
    link.post({ type: 'want', streams: claim.streams });
  }

  async #failBlocked(claim: TabClaim): Promise<void> {
    for (const slot of claim.left) {
      const error = this.#failures.blocks(slot.stream, claim.reason);
      if (error) await claim.fail(slot, error);
    }
    claim.signal.throwIfAborted();
  }

  #receive(message: Received, link: TabLink): void {
    const round = this.#round;
    if (link !== this.#link || !round) return;
    switch (message.type) {
      case 'want':
        round.reply(message);
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
        this.#failures.heard(message);
        for (const claim of this.#claims)
          for (const slot of claim.left)
            if (message.streams.includes(slot.stream)) void claim.fail(slot, errorOf(message.failure));
    }
  }

  #takeTokens(message: Extract<Received, { type: 'tokens' }>, link: TabLink, round: TabRound): void {
    const { from, to, items, aheadMs, rejections } = message;
    if (to === null) round.heardEnd(from);
    if (items.length > 0 && to === null) this.#failures.clear();
    if (aheadMs !== null && this.#environment && items.length > 0)
      this.#tokens.setServerTime(this.#environment.wallNow() + aheadMs);
    for (const item of items) this.#tokens.take(item, rejections);
    if (to === link.id) for (const claim of this.#claims) claim.onReply?.(from);
  }
}

/** The tabs of a manager, which it enters with its first request. */
export function tabsOf(context: ManagerContext, requests: TabRequests): Tabs {
  return (context.tabs ??= new TabGroup(context, requests));
}
