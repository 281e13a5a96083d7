import type { TokenPurpose } from '@gatecast/contract';
import { retryDelayMs } from '../failure/retry-delay.js';
import { accessEndOf } from '../source/access-end-of.js';
import { endpointOrigin } from '../source/endpoint-origin.js';
import { EventParser, type ServerEvent } from '../source/event-parser.js';
import { openEvents } from '../source/open-events.js';
import { readRetryAfterMs, unlessAborted } from '../source/read-answer.js';
import { delay, type Cancel } from '../time/clock.js';
import { startDeadline } from '../time/deadline.js';
import { endAccess } from './end-access.js';
import { hasEnded } from './has-ended.js';
import type { ManagerContext } from './manager-context.js';
import { PushEvents } from './push-events.js';
import { browserPush, listenInPage, type PushPage } from './push-page.js';
import type { PushedRequests } from './pushed-requests.js';

/** Servers send a comment every 25 s at most. A connection without a byte for longer is dead. */
const SILENCE_MS = 60_000;
/** Streams that are added in this time share one connection. */
const SETTLE_MS = 200;
/** Shortest and longest wait that a server can ask for with `retry`. */
const SHORTEST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;
/** A connection has worked if it has lived for so long, and sent something. After any other one, the waits become longer. */
const WORKED_MS = 10_000;
/** Wait after the server has closed a connection that worked, and its spread. */
const REOPEN_MS = 1000;
const REOPEN_SPREAD_MS = 2000;
/** After a response without events: a server that is being replaced, or the page of a network that wants a login. */
const NO_EVENTS_MS = 10 * 60_000;
/** Wait after a refusal while the access has ended: no token response comes that would start it again. */
const REFUSED_WAIT_MS = 5 * 60_000;

/** A page that waits for longer leaves its place to another one. */
const LONG_WAIT_MS = 10_000;

/** Tells other tabs that the connection is open. */
const OPENED = 'open';

/** Streams of one connection: an endpoint may refuse more (`maxStreams` of our handler). */
const MAX_STREAMS = 32;

/**
 * How a connection ended: `stop` until the next token response, with `none` or in ten minutes, or open another one after a wait.
 */
type Ending = 'stop' | 'none' | 'never' | { readonly waitMs: number; readonly hasWorked: boolean };

/** What is known of the connections for the same streams. */
interface Attempts {
  /** Connections in a row that did not work. */
  failures: number;
}

/**
 * Listens for what the backend says about the streams of a manager, and does it: one connection for all, or for 32 of them, as long as a
 * lease keeps one of them fresh, or the access to one has ended.
 */
export class TokenPush {
  readonly #requests: PushedRequests;
  readonly #context: ManagerContext;
  readonly #purpose: TokenPurpose;
  readonly #events: PushEvents;
  #connection: { readonly streams: string; readonly controller: AbortController } | null = null;
  readonly #page: PushPage;
  /** Until then, the backend has no events. In milliseconds since the epoch. */
  #noneUntilMs = 0;
  #cancelLater: Cancel = () => undefined;
  #retryMs: number | null = null;
  /** Has it had no connection yet? */
  #isNew = true;

  constructor(
    requests: PushedRequests,
    context: ManagerContext,
    purpose: TokenPurpose,
    page: PushPage = browserPush(),
  ) {
    this.#page = page;
    this.#requests = requests;
    this.#context = context;
    this.#purpose = purpose;
    this.#events = new PushEvents(requests, context);
    // Later, when the leases have their slots.
    context.leases.onChange = () => {
      queueMicrotask(() => this.update());
    };
  }

  /** Opens, changes or closes the connection, as the leases need it now. */
  update(): void {
    const { tabs } = this.#context;
    if (tabs) tabs.push.onPushed ??= (event) => this.#heardByAnother(event);
    const streams = this.#streams();
    const name = JSON.stringify(streams);
    if (this.#connection?.streams === name) return;
    this.#connection?.controller.abort();
    this.#connection = null;
    if (streams.length === 0) this.#events.stop();
    this.#listenLater();
    if (streams.length === 0 || this.#context.clock.now() < this.#noneUntilMs) return;
    const controller = new AbortController();
    this.#connection = { streams: name, controller };
    const runs: Promise<void>[] = [];
    for (let from = 0; from < streams.length; from += MAX_STREAMS)
      runs.push(this.#run(streams.slice(from, from + MAX_STREAMS), controller.signal));
    void Promise.all(runs).finally(() => {
      if (this.#connection?.controller !== controller) return;
      this.#connection = null;
      this.#listenLater();
    });
  }

  /** Tries again what has had no events: after the end of an access no token response comes that would. */
  #listenLater(): void {
    const { clock, random } = this.#context;
    const untilMs = this.#noneUntilMs;
    this.#cancelLater();
    if (clock.now() >= untilMs || untilMs === Infinity || this.#streams().length === 0) return;
    this.#cancelLater = clock.at(untilMs + (random() * NO_EVENTS_MS) / 2, () => this.update());
  }

  #streams(): string[] {
    const { slots, leases } = this.#context;
    const wanted = [...slots.values()].filter(
      (slot) => leases.isKeptFresh(slot.stream) || (leases.isHeld(slot.stream) && hasEnded(slot)),
    );
    return wanted.map(({ stream }) => stream).sort();
  }

  /** Never rejects. */
  async #run(streams: readonly string[], signal: AbortSignal): Promise<void> {
    const { clock } = this.#context;
    const { endpoint } = this.#requests.source;
    try {
      await delay(clock, SETTLE_MS, signal);
      const attempts = { failures: 0 };
      const { tabs } = this.#context;
      await listenInPage(
        ...([this.#page, clock, endpoint ? endpointOrigin(endpoint.url) : null, signal] as const),
        (shown) => this.#keepOpen(streams, shown, attempts),
        tabs && ((shown, listen) => tabs.push.listenForAll(streams, shown, listen)),
      );
    } catch {
      // Aborted: no stream needs it any more.
    }
  }

  /** Opens a connection again and again. Resolves with a long wait before the next one, or without one when it is done. Never rejects. */
  async #keepOpen(
    streams: readonly string[],
    signal: AbortSignal,
    attempts: Attempts,
  ): Promise<(() => Promise<void>) | undefined> {
    for (;;) {
      const ending = await this.#listen(streams, signal, attempts);
      if (signal.aborted || ending === 'stop') return undefined;
      if (typeof ending === 'string') {
        this.#noneUntilMs = ending === 'never' ? Infinity : this.#context.clock.now() + NO_EVENTS_MS;
        return undefined;
      }
      attempts.failures = ending.hasWorked ? 0 : attempts.failures + 1;
      const wait = (): Promise<void> => this.#wait(ending.waitMs, signal).catch(() => undefined);
      if (ending.waitMs > LONG_WAIT_MS) return wait;
      await wait();
    }
  }

  /** One connection, from its request to its end. */
  async #listen(streams: readonly string[], signal: AbortSignal, attempts: Attempts): Promise<Ending> {
    const { clock, serverClock } = this.#context;
    const attempt = attempts.failures + 1;
    const sinceMs = clock.now();
    const deadline = startDeadline(clock, SILENCE_MS, signal);
    let hasWorked = false;
    try {
      const question = { purpose: this.#purpose, streams };
      const { source } = this.#requests;
      const opening = openEvents(source, question, deadline.signal, () => serverClock.now());
      const response = await unlessAborted(opening, deadline.signal);
      const refusal = response && (await this.#readRefusal(response, streams, attempt, deadline.signal));
      if (!response || refusal) return refusal ?? 'never';
      this.#events.catchUp(streams, this.#isNew);
      this.#isNew = false;
      this.#context.tabs?.push.tell({ type: OPENED, data: '' });
      const reader = response.body?.getReader();
      // A page's own function may not end its response with the signal.
      deadline.signal.addEventListener('abort', () => void reader?.cancel().catch(() => undefined), {
        once: true,
      });
      const parser = new EventParser(
        (event) => this.#handle(event),
        (retryMs) => (this.#retryMs = Math.min(Math.max(retryMs, SHORTEST_RETRY_MS), LONGEST_RETRY_MS)),
      );
      for (;;) {
        const value = (await reader?.read())?.value;
        if (!value) break;
        hasWorked = clock.now() - sinceMs >= WORKED_MS;
        deadline.restart(SILENCE_MS);
        parser.push(value);
      }
    } catch {
      // The network, a proxy, or an event that is too long.
    } finally {
      deadline.end();
    }
    return { waitMs: this.#waitMs(hasWorked, attempt), hasWorked };
  }

  #handle(event: ServerEvent): void {
    this.#events.handle(event);
    if (event.type !== OPENED) this.#context.tabs?.push.tell(event);
  }

  #heardByAnother(event: ServerEvent): void {
    if (event.type === OPENED) this.#events.catchUp(this.#streams(), false);
    else this.#events.handle(event);
  }

  /** What to do with a response without events; `null` for one that has them. */
  async #readRefusal(
    response: Response,
    streams: readonly string[],
    attempt: number,
    signal: AbortSignal,
  ): Promise<Ending | null> {
    const { ok, status, headers, body } = response;
    const isEvents = /^text\/event-stream\b/i.test(headers.get('Content-Type') ?? '');
    if (ok && isEvents && status !== 204) return null;
    const error = await accessEndOf(response, true, signal);
    if (ok) body?.cancel().catch(() => undefined);
    if (error) {
      for (const stream of streams) {
        const slot = this.#context.slots.get(stream);
        if (slot) endAccess(slot, error, this.#requests, this.#context);
      }
    }
    if (status === 401 || status === 403) {
      // The next token request says what is wrong.
      if (!this.#hasEnded(streams)) return 'stop';
      return { waitMs: this.#spread(REFUSED_WAIT_MS), hasWorked: false };
    }
    if (status === 405 || status === 501) return this.#hasEnded(streams) ? 'none' : 'never';
    if (status < 500 && ![408, 425, 429].includes(status)) return 'none';
    const retryAfterMs = readRetryAfterMs(headers, this.#context.serverClock.now());
    return { waitMs: this.#waitMs(false, attempt, retryAfterMs), hasWorked: false };
  }

  #waitMs(hasWorked: boolean, attempt: number, retryAfterMs?: number): number {
    const random = this.#context.random();
    const askedMs = this.#retryMs ?? REOPEN_MS;
    return this.#spread(
      hasWorked ? askedMs : Math.max(askedMs, retryDelayMs({ attempt, random, retryAfterMs })),
    );
  }

  #spread(waitMs: number): number {
    return waitMs + this.#context.random() * Math.max(REOPEN_SPREAD_MS, waitMs / 2);
  }

  #hasEnded(streams: readonly string[]): boolean {
    return [...this.#context.slots.values()].some((slot) => streams.includes(slot.stream) && hasEnded(slot));
  }

  /** Waits, or until the network is back. */
  async #wait(waitMs: number, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#context;
    const wait = new AbortController();
    const end = (): void => wait.abort();
    signal.addEventListener('abort', end, { signal: wait.signal });
    const stopWaking = clock.onWake((reason) => {
      if (reason === 'online') end();
    });
    const isOver = await delay(clock, waitMs, wait.signal).then(
      () => true,
      () => false,
    );
    stopWaking();
    end();
    signal.throwIfAborted();
    // All pages behind one connection are back at the same time.
    if (!isOver) await delay(clock, random() * REOPEN_SPREAD_MS, signal);
  }
}

const pushes = new WeakMap<PushedRequests, TokenPush>();

/** A token response says that the backend sends events: listens for them, unless that is done already. */
export function listenForPush(
  requests: PushedRequests,
  context: ManagerContext,
  purpose: TokenPurpose,
): void {
  let push = pushes.get(requests);
  if (!push) pushes.set(requests, (push = new TokenPush(requests, context, purpose)));
  push.update();
}
