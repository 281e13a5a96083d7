import { isAccessEnd } from '../failure/access-end.js';
import { accessEnd } from '../source/access-end-error.js';
import type { ServerEvent } from '../source/event-parser.js';
import { isRecord } from '../source/response-faults.js';
import { endAccess } from './end-access.js';
import { hasEnded } from './has-ended.js';
import type { ManagerContext } from './manager-context.js';
import type { PushedRequests } from './pushed-requests.js';
import type { TokenSlot } from './token-slot.js';

/** All pages are told in the same moment, and ask within this time. */
const SPREAD_MS = 2000;
/** Least time between two requests because of events, for each stream. */
const INTERVAL_MS = 5000;

/** Does what the events of a backend say: `off`, `on` and `check`. */
export class PushEvents {
  readonly #requests: PushedRequests;
  readonly #context: ManagerContext;
  readonly #nextAtMs = new Map<string, number>();
  readonly #alarms = new Map<string, () => void>();
  /** Streams that the backend itself has switched off: it may switch them on again. */
  readonly #off = new Set<string>();

  constructor(requests: PushedRequests, context: ManagerContext) {
    this.#requests = requests;
    this.#context = context;
  }

  /** An event of another type, or one that cannot be read, is ignored. */
  handle({ type, data }: ServerEvent): void {
    const body = parse(data);
    if (!isRecord(body) || !Array.isArray(body['streams'])) return;
    const { code, reason } = body;
    for (const slot of this.#held(body['streams'])) {
      if (type === 'off' && typeof code === 'string' && isAccessEnd(code)) {
        this.#cancel(slot.stream);
        // A limit is nothing that is switched on again.
        if (code !== 'concurrent-limit') this.#off.add(slot.stream);
        endAccess(slot, accessEnd(code, reason), this.#requests, this.#context);
      } else if (type === 'on' && hasEnded(slot)) {
        this.#startSoon(slot, hasEnded);
      } else if (type === 'check') {
        this.#startSoon(slot, ({ phase }) => phase.kind === 'idle');
      }
    }
  }

  /**
   * A connection is open, and an `on` may have come before: asks once for the streams that were revoked, or that an `off` has ended.
   * Not for those that a token request has found to be in use elsewhere: another device plays, and this one would start without its
   * viewer. The server says `off` again with its first events.
   *
   * @param isFirst - has this page heard no event yet? Then also for those that have moved: it has just begun to play.
   */
  catchUp(streams: readonly string[], isFirst: boolean): void {
    for (const slot of this.#held(streams)) {
      const { phase, stream } = slot;
      if (!hasEnded(slot)) this.#off.delete(stream);
      else if (phase.kind === 'failed' && this.#mayBeOnAgain(stream, phase.error.code, isFirst))
        this.#startSoon(slot, hasEnded);
    }
  }

  #mayBeOnAgain(stream: string, code: string, isFirst: boolean): boolean {
    return this.#off.has(stream) || code === 'revoked' || (isFirst && code === 'moved');
  }

  stop(): void {
    for (const stream of [...this.#alarms.keys()]) this.#cancel(stream);
  }

  /** Their number is that of the page's own streams, however many an event names. */
  #held(names: readonly unknown[]): TokenSlot[] {
    const named = new Set(names);
    const { slots, leases } = this.#context;
    return [...slots.values()].filter(({ stream }) => named.has(stream) && leases.isHeld(stream));
  }

  /** Requests a token after a random time, if that still makes sense then. */
  #startSoon(slot: TokenSlot, mayStart: (slot: TokenSlot) => boolean): void {
    const { stream } = slot;
    if (this.#alarms.has(stream)) return;
    const { clock, random, slots } = this.#context;
    const atMs = Math.max(clock.now() + random() * SPREAD_MS, this.#nextAtMs.get(stream) ?? 0);
    const cancel = clock.at(atMs, () => {
      this.#alarms.delete(stream);
      const isHeld = slots.get(stream) === slot && this.#context.leases.isHeld(stream);
      if (!isHeld || !mayStart(slot)) return;
      const nowMs = clock.now();
      for (const [each, nextAtMs] of this.#nextAtMs) if (nextAtMs <= nowMs) this.#nextAtMs.delete(each);
      this.#nextAtMs.set(stream, nowMs + INTERVAL_MS);
      this.#requests.start(slot, hasEnded(slot) ? 'resume' : 'scheduled');
    });
    this.#alarms.set(stream, cancel);
  }

  #cancel(stream: string): void {
    this.#alarms.get(stream)?.();
    this.#alarms.delete(stream);
  }
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
