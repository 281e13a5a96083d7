import { Problem } from '../http/problem.js';
import { sleep } from '../http/timeouts.js';
import type { Metrics } from '../http/metrics.js';
import { readGrantId } from '../revocation/grant-id.js';
import type { Revocation, RevocationTarget } from '../revocation/revocation.js';
import type { RevocationChange } from '../revocation/revocation-list.js';
import type { Revocations } from '../revocation/revocations.js';
import type { PushLimits } from './push-options.js';

/** A page that listens: who it is, for which streams, and from where. */
export interface EventCaller {
  readonly user: string | undefined;
  readonly streams: readonly string[];
  readonly addressKey: string | undefined;
}

interface Listener extends EventCaller {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  readonly endsAtMs: number;
  /** Where it is found. */
  readonly keys: readonly string[];
  /** The streams that the page knows to be off. */
  off: ReadonlyMap<string, Revocation>;
  isComparing: boolean;
  mustCompare: boolean;
}

/** Events that a page does not read. After that it is closed, and opens another stream. */
const MOST_UNREAD = 16;
const encoder = new TextEncoder();

/**
 * The open event streams of one instance. A change is written to the streams of its user or stream only, and one timer serves all.
 * Events have no token, no user and no id of a token.
 */
export class EventListeners {
  readonly #found = new Map<string, Set<Listener>>();
  readonly #perAddress = new Map<string, number>();
  readonly #revocations: Revocations;
  readonly #limits: PushLimits;
  readonly #metrics: Metrics;
  readonly #now: () => number;
  readonly #all = new Set<Listener>();
  #beating: AbortController | null = null;

  constructor(revocations: Revocations, limits: PushLimits, metrics: Metrics, now: () => number) {
    this.#revocations = revocations;
    this.#limits = limits;
    this.#metrics = metrics;
    this.#now = now;
    revocations.watch((change) => this.#onChange(change));
    limits.signal?.addEventListener('abort', () => this.#closeAll(), { once: true });
  }

  /** @throws Problem `rate-limited` if the instance or the address has too many open streams. */
  requirePlace(addressKey: string | undefined): void {
    const { maxConnections, maxPerAddress, signal } = this.#limits;
    const ofAddress = addressKey === undefined ? 0 : (this.#perAddress.get(addressKey) ?? 0);
    if (!signal?.aborted && this.#all.size < maxConnections && ofAddress < maxPerAddress) return;
    throw new Problem('rate-limited', 'Too many pages listen for events.', { retryAfterSeconds: 30 });
  }

  /** The body of a response: events until the lifetime ends or the client leaves. */
  open(caller: EventCaller, grantId: string): ReadableStream<Uint8Array> {
    let listener: Listener | null = null;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          listener = this.#add(caller, grantId, controller);
        },
        cancel: () => {
          if (listener) this.#remove(listener);
        },
      },
      new CountQueuingStrategy({ highWaterMark: MOST_UNREAD }),
    );
  }

  #add(
    caller: EventCaller,
    grantId: string,
    controller: ReadableStreamDefaultController<Uint8Array>,
  ): Listener {
    const { user, streams, addressKey } = caller;
    const tag = readGrantId(grantId)?.userTag;
    const keys = [
      ...(user === undefined ? [] : [`user ${user}`]),
      ...(tag === undefined ? [] : [`tag ${tag}`]),
      ...streams.map((stream) => `stream ${stream}`),
    ];
    // Streams that were opened together, after a restart for example, do not end together.
    const endsAtMs = this.#now() + this.#limits.lifetimeSeconds * 1000 * (0.8 + Math.random() * 0.2);
    const listener: Listener = {
      ...caller,
      controller,
      endsAtMs,
      keys,
      off: new Map(),
      isComparing: false,
      mustCompare: false,
    };
    this.#all.add(listener);
    for (const key of keys) this.#found.set(key, (this.#found.get(key) ?? new Set()).add(listener));
    if (addressKey !== undefined)
      this.#perAddress.set(addressKey, (this.#perAddress.get(addressKey) ?? 0) + 1);
    this.#metrics.listeners?.(this.#all.size);
    this.#write(listener, `retry: ${String(1000 + Math.floor(Math.random() * 4000))}\n\n`);
    void this.#compare(listener);
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
    const { addressKey } = listener;
    if (addressKey !== undefined) {
      const left = (this.#perAddress.get(addressKey) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(addressKey, left);
      else this.#perAddress.delete(addressKey);
    }
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
      for (const listener of this.#affected(change.target)) void this.#compare(listener);
      return;
    }
    const { revocation } = change;
    // New tokens are allowed: the page plays on when it has one.
    const isForOldTokens = revocation.jti !== undefined || revocation.newTokens === 'allow';
    for (const listener of this.#affected(revocation)) {
      if (isForOldTokens) this.#check(listener, revocation);
      else void this.#compare(listener);
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

  #check(listener: Listener, { stream }: RevocationTarget): void {
    const streams = stream === undefined ? listener.streams : [stream];
    this.#write(listener, eventText('check', { streams }));
  }

  /** Tells a page what has changed for its streams. One comparison at a time, and one more if something changed meanwhile. */
  async #compare(listener: Listener): Promise<void> {
    listener.mustCompare = true;
    if (listener.isComparing) return;
    listener.isComparing = true;
    while (listener.mustCompare && this.#all.has(listener)) {
      listener.mustCompare = false;
      const off = await this.#offFor(listener).catch(() => null);
      if (off) this.#tell(listener, off);
    }
    listener.isComparing = false;
  }

  async #offFor({ user, streams }: Listener): Promise<Map<string, Revocation>> {
    const grantedAt = this.#now() / 1000;
    const off = new Map<string, Revocation>();
    for (const stream of streams) {
      const revocation = await this.#revocations.find({
        ...(user !== undefined && { user }),
        stream,
        grantedAt,
      });
      if (revocation) off.set(stream, revocation);
    }
    return off;
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
        if (listener.off.size > 0) void this.#compare(listener);
      }
    }
    this.#beating = null;
    if (this.#all.size > 0) void this.#beat();
  }
}

/** JSON has no line ends, so one `data` line is enough. */
function eventText(event: 'off' | 'on' | 'check', data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
