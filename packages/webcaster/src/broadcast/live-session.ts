import { delay, GatecastError, type Clock } from '@gatecast/token';
import { TRACK_KINDS, type TrackKind } from '../capture/capture-request.js';
import type { OpenRequest, Publisher, PublisherSession } from '../publisher/publisher.js';
import type { BroadcastReason } from './broadcast-events.js';
import { reopenDelayMs } from './reopen-delay.js';

export interface OnAirOptions {
  readonly publisher: Publisher;
  readonly media: MediaStream | null;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Longest time without a connection before giving up. */
  readonly reconnectForMs: () => number;
  /** Gets ready what a new session needs. @throws GatecastError when there is no use in trying now. */
  readonly prepareReconnect: (signal: AbortSignal) => Promise<void>;
  readonly onLive: (reason: BroadcastReason) => void;
  readonly onInterrupted: (reason: BroadcastReason) => void;
  readonly onFailed: (error: GatecastError) => void;
  readonly note: (type: string, details?: Record<string, unknown>) => void;
}

/** The first connection is waited for by a person, who rather reads what is wrong. */
const START_LIMIT_MS = 20_000;
/** Longest wait for the old session's farewell before a new one begins. */
const FAREWELL_WAIT_MS = 1000;

/** One broadcast from its start to its end, however many sessions that takes. */
export class LiveSession {
  readonly #options: OnAirOptions;
  readonly #controller = new AbortController();
  #session: PublisherSession | null = null;
  #opening: Promise<unknown> | null = null;
  #isRecovering = false;

  constructor(options: OnAirOptions) {
    this.#options = options;
  }

  get session(): PublisherSession | null {
    return this.#session;
  }

  /**
   * Goes on air.
   *
   * @throws GatecastError why not; an AbortError when it was stopped meanwhile.
   */
  async start(): Promise<void> {
    await this.#open(START_LIMIT_MS, false);
    this.#options.onLive('connected');
    void this.#syncTracks();
  }

  /** Exchanges what is sent; takes a new session where the running one cannot. */
  async replaceTrack(kind: TrackKind, track: MediaStreamTrack | null): Promise<void> {
    const session = this.#session;
    if (!session || this.#isRecovering) return;
    const isDone = await session.replaceTrack(kind, track);
    if (!isDone && session === this.#session) this.#recover('changed', false);
  }

  /** Ends it. The farewell leaves at once; the promise is about its arrival. */
  async stop(): Promise<void> {
    this.#controller.abort(new DOMException('The broadcast was stopped.', 'AbortError'));
    const session = this.#session;
    this.#session = null;
    // A session that was on its way says goodbye too.
    await Promise.all([session?.close(), this.#opening]);
  }

  async #open(limitMs: number, isReconnect: boolean): Promise<void> {
    const { clock, random, note } = this.#options;
    const { signal } = this.#controller;
    const endsAtMs = clock.now() + limitMs;
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (isReconnect) await this.#options.prepareReconnect(signal);
        this.#session = await this.#openSession();
        return;
      } catch (cause) {
        signal.throwIfAborted();
        const error = asGatecastError(cause);
        const remainingMs = endsAtMs - clock.now();
        const waitMs = reopenDelayMs({ error, attempt, isReconnect, remainingMs, random: random() });
        note('session-refused', { error, willRetryInMs: waitMs });
        if (waitMs === null) throw error;
        await this.#pause(waitMs);
      }
    }
  }

  /** Waits for a session, or for the broadcast's end; a session that comes too late is closed. */
  #openSession(): Promise<PublisherSession> {
    const { signal } = this.#controller;
    const { media, publisher } = this.#options;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      let session: PublisherSession | null = null;
      const onAbort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      const request: OpenRequest = {
        media,
        signal,
        onInterrupted: () => this.#onTrouble(session, 'connection-lost', true),
        onLost: (error) => this.#onTrouble(session, asGatecastError(error).code, false),
      };
      this.#opening = publisher
        .open(request)
        .then((opened) => {
          session = opened;
          resolve(opened);
          return signal.aborted ? opened.close() : undefined;
        }, reject)
        .finally(() => {
          signal.removeEventListener('abort', onAbort);
          this.#opening = null;
        });
    });
  }

  #onTrouble(session: PublisherSession | null, reason: BroadcastReason, canRestart: boolean): void {
    // A session that was replaced, or is being repaired, has nothing to say any more.
    if (session !== this.#session || this.#isRecovering || this.#controller.signal.aborted) return;
    this.#recover(reason, canRestart);
  }

  #recover(reason: BroadcastReason, canRestart: boolean): void {
    this.#isRecovering = true;
    this.#options.onInterrupted(reason);
    this.#repairOrReopen(canRestart)
      .then(
        () => this.#options.onLive(reason === 'changed' ? 'changed' : 'reconnected'),
        (error: unknown) => {
          if (!this.#controller.signal.aborted) this.#options.onFailed(asGatecastError(error));
        },
      )
      .finally(() => {
        this.#isRecovering = false;
        void this.#syncTracks();
      });
  }

  async #repairOrReopen(canRestart: boolean): Promise<void> {
    const { signal } = this.#controller;
    const session = this.#session;
    if (canRestart && session?.restart) {
      try {
        await session.restart(signal);
        signal.throwIfAborted();
        this.#options.note('session-restarted');
        return;
      } catch (cause) {
        signal.throwIfAborted();
        this.#options.note('restart-failed', { error: asGatecastError(cause) });
      }
    }
    this.#session = null;
    // The farewell first, so that an ingest that is alive has room for the next session.
    if (session) await this.#atMost(session.close(), FAREWELL_WAIT_MS);
    signal.throwIfAborted();
    await this.#open(this.#options.reconnectForMs(), true);
  }

  /** Tracks may have been exchanged while the session was being made. */
  async #syncTracks(): Promise<void> {
    const tracks = this.#options.media?.getTracks();
    if (!tracks) return;
    for (const kind of TRACK_KINDS) {
      await this.replaceTrack(kind, tracks.find((track) => track.kind === kind) ?? null);
    }
  }

  async #atMost(work: Promise<void>, limitMs: number): Promise<void> {
    const wait = new AbortController();
    await Promise.race([work, delay(this.#options.clock, limitMs, wait.signal).catch(() => undefined)]);
    wait.abort();
  }

  /** A wait that the network's return cuts short. */
  async #pause(waitMs: number): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#controller;
    const wait = new AbortController();
    const end = () => wait.abort();
    signal.addEventListener('abort', end, { once: true });
    const stopListening = clock.onWake((reason) => {
      if (reason === 'online') end();
    });
    await delay(clock, waitMs, wait.signal).catch(() => undefined);
    stopListening();
    signal.removeEventListener('abort', end);
    signal.throwIfAborted();
  }
}

function asGatecastError(error: unknown): GatecastError {
  if (error instanceof GatecastError) return error;
  return new GatecastError('connection-lost', 'The connection to the ingest failed.', {
    hint: 'See the cause.',
    retryable: true,
    cause: error,
  });
}
