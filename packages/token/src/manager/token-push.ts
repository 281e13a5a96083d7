import type { TokenPurpose } from '@gatecast/contract';
import { retryDelayMs } from '../failure/retry-delay.js';
import { accessEndOf } from '../source/access-end-of.js';
import { EventParser } from '../source/event-parser.js';
import { openEvents } from '../source/open-events.js';
import { readRetryAfterMs } from '../source/read-answer.js';
import { delay } from '../time/clock.js';
import { startDeadline } from '../time/deadline.js';
import { endAccess } from './end-access.js';
import type { ManagerContext } from './manager-context.js';
import { hasEnded, PushEvents } from './push-events.js';
import type { PushedRequests } from './pushed-requests.js';

/** Servers send a comment every 25 s at most. A connection without a byte for longer is dead. */
const SILENCE_MS = 60_000;
/** Streams that are added in this time share one connection. */
const SETTLE_MS = 200;
/** Longest wait that a server can ask for with `retry`. */
const LONGEST_RETRY_MS = 60_000;
/** Wait after the server has closed a connection that worked, and its spread. */
const REOPEN_MS = 1000;
const REOPEN_SPREAD_MS = 2000;

/** How a connection ended: `stop` until the next token response, or open another one after a wait. */
type Ending = 'stop' | 'never' | { readonly waitMs: number; readonly hasWorked: boolean };

/**
 * Listens for what the backend says about the streams of a manager, and does it: one connection for all, as long as a lease keeps one of
 * them fresh, or the access to one has ended.
 */
export class TokenPush {
  readonly #requests: PushedRequests;
  readonly #context: ManagerContext;
  readonly #purpose: TokenPurpose;
  readonly #events: PushEvents;
  #connection: { readonly streams: string; readonly controller: AbortController } | null = null;
  /** Has the backend no events? */
  #isUnsupported = false;
  #retryMs: number | null = null;

  constructor(requests: PushedRequests, context: ManagerContext, purpose: TokenPurpose) {
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
    const streams = this.#streams();
    const name = JSON.stringify(streams);
    if (this.#connection?.streams === name) return;
    this.#connection?.controller.abort();
    this.#connection = null;
    if (streams.length === 0) this.#events.stop();
    if (streams.length === 0 || this.#isUnsupported) return;
    const controller = new AbortController();
    this.#connection = { streams: name, controller };
    void this.#run(streams, controller.signal).finally(() => {
      if (this.#connection?.controller === controller) this.#connection = null;
    });
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
    try {
      await delay(clock, SETTLE_MS, signal);
      for (let failures = 0; ;) {
        const ending = await this.#listen(streams, signal, failures + 1);
        if (signal.aborted || ending === 'stop') return;
        if (ending === 'never') {
          this.#isUnsupported = true;
          return;
        }
        failures = ending.hasWorked ? 0 : failures + 1;
        await this.#wait(ending.waitMs, signal);
      }
    } catch {
      // Aborted: no stream needs it any more.
    }
  }

  /** One connection, from its request to its end. */
  async #listen(streams: readonly string[], signal: AbortSignal, attempt: number): Promise<Ending> {
    const { clock, serverClock } = this.#context;
    const deadline = startDeadline(clock, SILENCE_MS, signal);
    let hasWorked = false;
    try {
      const question = { purpose: this.#purpose, streams };
      const { source } = this.#requests;
      const response = await openEvents(source, question, deadline.signal, () => serverClock.now());
      const refusal = response && (await this.#readRefusal(response, streams, attempt, deadline.signal));
      if (!response || refusal) return refusal ?? 'never';
      const reader = response.body?.getReader();
      // A page's own function may not end its response with the signal.
      deadline.signal.addEventListener('abort', () => void reader?.cancel().catch(() => undefined), {
        once: true,
      });
      const parser = new EventParser(
        (event) => this.#events.handle(event),
        (retryMs) => (this.#retryMs = Math.min(retryMs, LONGEST_RETRY_MS)),
      );
      for (;;) {
        const value = (await reader?.read())?.value;
        if (!value) break;
        hasWorked = true;
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
    // The next token request says what is wrong.
    if (status === 401 || status === 403) return 'stop';
    if (status < 500 && ![408, 425, 429].includes(status)) return 'never';
    const retryAfterMs = readRetryAfterMs(headers, this.#context.serverClock.now());
    return { waitMs: this.#waitMs(false, attempt, retryAfterMs), hasWorked: false };
  }

  #waitMs(hasWorked: boolean, attempt: number, retryAfterMs?: number): number {
    const random = this.#context.random();
    const askedMs = this.#retryMs ?? REOPEN_MS;
    if (hasWorked) return askedMs + random * REOPEN_SPREAD_MS;
    return Math.max(askedMs, retryDelayMs({ attempt, random, retryAfterMs }));
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
