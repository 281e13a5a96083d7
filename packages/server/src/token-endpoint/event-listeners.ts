import { sleep } from '../http/timeouts.js';
import type { Metrics } from '../http/metrics.js';
import { readGrantId } from '../revocation/grant-id.js';
import type { Revocation, RevocationTarget } from '../revocation/revocation.js';
import type { RevocationChange } from '../revocation/revocation-list.js';
import type { Revocations } from '../revocation/revocations.js';
import { EventPlaces, tooManyPages, type PlaceOwner } from './event-places.js';
import type { PushLimits } from './push-options.js';
import { SlicedWork } from './sliced-work.js';

/** A page that listens: who it is, for which streams, and from where. */
export interface EventCaller {
  readonly user: string | undefined;
  readonly streams: readonly string[];
  readonly addressKey: string | undefined;
  /** Id with the pseudonym of the user, which is cheaper to look up than the name. */
  readonly grantId: string;
  /** When `authorize` has to decide again at the latest, NumericDate seconds. */
  readonly endsAt: number;
}

interface Listener extends EventCaller {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  readonly endsAtMs: number;
  /** Where it is found. */
  readonly keys: readonly string[];
  /** The streams that the page knows to be off. */
  off: ReadonlyMap<string, Revocation>;
}

/** Time within which all pages learn that access is allowed again: they request their tokens then. */
const SPREAD_MS = 2000;
const SPREAD_STEPS = 20;
/** So few pages learn it at once. */
const FEW = 50;

/** Events that a page does not read. After that it is closed, and opens another stream. */
const MOST_UNREAD = 16;
const encoder = new TextEncoder();

/**
 * The open event streams of one instance. A change is written to the streams of its user or stream only, and one timer serves all.
 * Events have no token, no user and no id of a token.
 */
export class EventListeners {
  readonly #found = new Map<string, Set<Listener>>();
  readonly #revocations: Revocations;
  readonly #limits: PushLimits;
  readonly #metrics: Metrics;
  readonly #now: () => number;
  readonly #all = new Set<Listener>();
  readonly #places: EventPlaces;
  readonly #comparing = new SlicedWork<Listener>((listener, streams) => this.#compare(listener, streams));
  #beating: AbortController | null = null;

  constructor(revocations: Revocations, limits: PushLimits, metrics: Metrics, now: () => number) {
    this.#revocations = revocations;
    this.#limits = limits;
    this.#metrics = metrics;
    this.#now = now;
    this.#places = new EventPlaces(limits);
    const unwatch = revocations.watch((change) => this.#onChange(change));
    limits.signal?.addEventListener('abort', () => this.#closeAll(), { once: true });
    const onClosed = () => {
      unwatch();
      this.#closeAll();
    };
    revocations.closed.addEventListener('abort', onClosed, { once: true });
  }

  /** @throws Problem `rate-limited` if the instance, the user or the address has too many open streams. */
  requirePlace(owner: PlaceOwner): void {
    if (this.#limits.signal?.aborted || this.#revocations.closed.aborted) throw tooManyPages();
    this.#places.requireFree(owner);
  }

  /** The body of a response: events until the lifetime ends or the client leaves. */
  open(caller: EventCaller): ReadableStream<Uint8Array> {
    let listener: Listener | null = null;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          listener = this.#add(caller, controller);
        },
        cancel: () => {
          if (listener) this.#remove(listener);
        },
      },
      new CountQueuingStrategy({ highWaterMark: MOST_UNREAD }),
    );
  }

  #add(caller: EventCaller, controller: ReadableStreamDefaultController<Uint8Array>): Listener {
    const { user, streams, grantId, endsAt } = caller;
    const tag = readGrantId(grantId)?.userTag;
    const keys = [
      ...(user === undefined ? [] : [`user ${user}`]),
      ...(tag === undefined ? [] : [`tag ${tag}`]),
      ...streams.map((stream) => `stream ${stream}`),
    ];
    // Streams that were opened together, after a restart for example, do not end together.
    const lifeMs = this.#limits.lifetimeSeconds * 1000 * (0.8 + Math.random() * 0.2);
    const endsAtMs = Math.min(this.#now() + lifeMs, endsAt * 1000);
    const listener: Listener = { ...caller, controller, endsAtMs, keys, off: new Map() };
    this.#all.add(listener);
    this.#places.take(caller);
    for (const key of keys) this.#found.set(key, (this.#found.get(key) ?? new Set()).add(listener));
    this.#metrics.listeners?.(this.#all.size);
    this.#write(listener, `retry: ${String(1000 + Math.floor(Math.random() * 4000))}\n\n`);
    this.#comparing.add(listener, streams);
    if (!this.#beating) void this.#beat();
    return listener;
  }

  #remove(listener: Listener): void {
    if (!this.#all.delete(listener)) return;
    for (const key of listener.keys) {
      const others = this.#found.get(key);
      others?.delete(listener);
      if (others?.size === 0) this.#found.delete(key);
    }
    this.#comparing.delete(listener);
    this.#places.giveBack(listener);
    this.#metrics.listeners?.(this.#all.size);
    if (this.#all.size === 0) this.#beating?.abort();
  }

  #close(listener: Listener): void {
    if (!this.#all.has(listener)) return;
    this.#remove(listener);
    listener.controller.close();
  }

  #closeAll(): void {
    for (const listener of [...this.#all]) this.#close(listener);
  }

  #write(listener: Listener, text: string): void {
    if (!this.#all.has(listener)) return;
    if ((listener.controller.desiredSize ?? 0) > 0) listener.controller.enqueue(encoder.encode(text));
    else this.#close(listener);
  }

  #onChange(change: RevocationChange): void {
    if (change.kind === 'check') {
      for (const listener of this.#affected(change.target)) this.#check(listener, change.target);
      return;
    }
    if (change.kind === 'allowed') {
      void this.#compareSpread(this.#affected(change.target), change.target);
      return;
    }
    const { revocation } = change;
    // New tokens are allowed: the page plays on when it has one.
    const isForOldTokens = revocation.jti !== undefined || revocation.newTokens === 'allow';
    for (const listener of this.#affected(revocation)) {
      if (isForOldTokens) this.#check(listener, revocation);
      else this.#comparing.add(listener, streamsOf(listener, revocation));
    }
  }

  /** Those that a target may concern. A token without a user in its id is found by nobody. */
  #affected({ user, jti, stream }: RevocationTarget): Listener[] {
    const tag = jti === undefined ? undefined : readGrantId(jti)?.userTag;
    if (jti !== undefined && tag === undefined) return [];
    const key =
      user !== undefined
        ? `user ${user}`
        : tag !== undefined
          ? `tag ${tag}`
          : stream !== undefined
            ? `stream ${stream}`
            : '';
    const found = [...(this.#found.get(key) ?? [])];
    return stream === undefined ? found : found.filter(({ streams }) => streams.includes(stream));
  }

  #check(listener: Listener, target: RevocationTarget): void {
    this.#write(listener, eventText('check', { streams: streamsOf(listener, target) }));
  }

  /** Pages that learn that access is allowed again come with a request each, which must not be in the same moment. */
  async #compareSpread(listeners: readonly Listener[], target: RevocationTarget): Promise<void> {
    const step = Math.max(FEW, Math.ceil(listeners.length / SPREAD_STEPS));
    for (let from = 0; from < listeners.length && this.#all.size > 0; from += step) {
      if (from > 0) await sleep(SPREAD_MS / SPREAD_STEPS);
      for (const listener of listeners.slice(from, from + step))
        if (this.#all.has(listener)) this.#comparing.add(listener, streamsOf(listener, target));
    }
  }

  /** Tells a page what has changed for these streams. */
  async #compare(listener: Listener, streams: readonly string[]): Promise<void> {
    const { grantId } = listener;
    const off = new Map(listener.off);
    try {
      for (const stream of streams) {
        // The page asks for a grant that is made now.
        const revocation = await this.#revocations.find({ grantId, stream, grantedAt: 'now' });
        if (revocation) off.set(stream, revocation);
        else off.delete(stream);
      }
    } catch {
      // The list is old. The page learns it from the refusal of its next request, or with the next comparison.
      return;
    }
    this.#tell(listener, off);
  }

  #tell(listener: Listener, off: ReadonlyMap<string, Revocation>): void {
    const before = listener.off;
    listener.off = off;
    const on = [...before.keys()].filter((stream) => !off.has(stream));
    if (on.length > 0) this.#write(listener, eventText('on', { streams: on }));
    const groups = new Map<string, { code: string; streams: string[]; reason?: string }>();
    for (const [stream, { code, reason }] of off) {
      const known = before.get(stream);
      if (known?.code === code && known.reason === reason) continue;
      const key = JSON.stringify([code, reason]);
      const group = groups.get(key) ?? { code, streams: [], ...(reason !== undefined && { reason }) };
      group.streams.push(stream);
      groups.set(key, group);
    }
    for (const group of groups.values()) this.#write(listener, eventText('off', group));
  }

  /** Keeps the connections of proxies open, ends those that are old, and finds revocations that have ended. */
  async #beat(): Promise<void> {
    const beating = new AbortController();
    this.#beating = beating;
    const hasWaited = () =>
      sleep(this.#limits.heartbeatSeconds * 1000, beating.signal).then(
        () => true,
        () => false,
      );
    while (await hasWaited()) {
      const nowMs = this.#now();
      for (const listener of [...this.#all]) {
        if (listener.endsAtMs <= nowMs) this.#close(listener);
        else this.#write(listener, ':\n\n');
        if (listener.off.size > 0) this.#comparing.add(listener, listener.off.keys());
      }
    }
    this.#beating = null;
    if (this.#all.size > 0) void this.#beat();
  }
}

/** The streams of a listener that a target concerns. */
function streamsOf({ streams }: Listener, { stream }: RevocationTarget): readonly string[] {
  return stream === undefined ? streams : [stream];
}

/** JSON has no line ends, so one `data` line is enough. */
function eventText(event: 'off' | 'on' | 'check', data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
