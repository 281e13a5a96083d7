import { delay, GatecastError, settlesWithin, startDeadline, type Clock } from '@gatecast/token';
import { TRACK_KINDS, type TrackKind } from '../capture/capture-request.js';
import type { OpenRequest, Publisher, PublisherSession } from '../publisher/publisher.js';
import { connectionLost } from '../publisher/publisher-errors.js';
import type { BroadcastReason } from './broadcast-events.js';
import { reopenDelayMs } from './reopen-delay.js';

export interface LiveSessionOptions {
  readonly publisher: Publisher;
  readonly media: MediaStream | null;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Longest time without a connection, in milliseconds. */
  readonly reconnectForMs: () => number;
  /** Prepares a new session. @throws GatecastError if another attempt cannot succeed now. */
  readonly prepareReconnect: (signal: AbortSignal) => Promise<void>;
  readonly onLive: (reason: BroadcastReason) => void;
  readonly onInterrupted: (reason: BroadcastReason) => void;
  readonly onFailed: (error: GatecastError) => void;
  readonly log: (type: string, details?: Record<string, unknown>) => void;
}

/** A user waits for the first connection, so its error is shown early. */
const START_LIMIT_MS = 20_000;
/** Longest wait for the end of the old session before a new one starts. */
const TEARDOWN_WAIT_MS = 1000;

/** One broadcast from its start to its end. It replaces sessions that are lost. */
export class LiveSession {
  readonly #options: LiveSessionOptions;
  readonly #controller = new AbortController();
  #session: PublisherSession | null = null;
  /** The one before, until there is a session again. */
  #previous: PublisherSession | null = null;
  #opening: Promise<unknown> | null = null;
  #isRecovering = false;
  /** What the current session was asked to send, whether it can or not. */
  #sent = new Map<TrackKind, MediaStreamTrack | null>();

  constructor(options: LiveSessionOptions) {
    this.#options = options;
  }

  get session(): PublisherSession | null {
    return this.#session;
  }

  /**
   * Opens the first session.
   *
   * @throws GatecastError why it failed, or that of `cancelStart`; an AbortError when it was stopped.
   */
  async start(): Promise<void> {
    await this.#open(START_LIMIT_MS, false);
    this.#controller.signal.throwIfAborted();
    this.#options.onLive('connected');
    void this.#syncTracks();
  }

  /** Ends a start that is not live yet with this error. What was opened is closed by `stop`. */
  cancelStart(error: GatecastError): void {
    this.#controller.abort(error);
  }

  /** Replaces what is sent, with a new session if the current one cannot do it. */
  async replaceTrack(kind: TrackKind, track: MediaStreamTrack | null): Promise<void> {
    const session = this.#session;
    if (!session || this.#isRecovering) return;
    this.#sent.set(kind, track);
    const isDone = await session.replaceTrack(kind, track);
    if (!isDone && session === this.#session) this.#recover('changed', false);
  }

  /** The server has ended the session: its connection may show that only after many seconds. */
  sessionEnded(): void {
    this.#onTrouble(this.#session, 'session-ended', false);
  }

  /** Ends it. The request that ends the session is sent at once; the promise resolves with its response. */
  async stop(): Promise<void> {
    this.#controller.abort(new DOMException('The broadcast was stopped.', 'AbortError'));
    const session = this.#session;
    this.#session = null;
    // A session that is still opening is closed too.
    await Promise.all([session?.close(), this.#opening]);
  }

  async #open(limitMs: number, isReconnect: boolean): Promise<void> {
    const { clock, random, log } = this.#options;
    const { signal } = this.#controller;
    const endsAtMs = clock.now() + limitMs;
    const deadline = startDeadline(clock, limitMs, signal);
    let lastError: GatecastError | null = null;
    try {
      for (let attempt = 1; ; attempt += 1) {
        try {
          if (isReconnect) await this.#options.prepareReconnect(deadline.signal);
          // The first attempt has the publisher's own limits: its user may have to answer a permission prompt.
          this.#session = await this.#openSession(attempt === 1 ? signal : deadline.signal);
          this.#previous = null;
          return;
        } catch (cause) {
          signal.throwIfAborted();
          // An attempt that was cut short says less than the one before it.
          if (lastError === null || !deadline.isOver) lastError = asGatecastError(cause);
          const error = lastError;
          const remainingMs = endsAtMs - clock.now();
          const waitMs = reopenDelayMs({ error, attempt, isReconnect, remainingMs, random: random() });
          log('session-refused', { error, willRetryInMs: waitMs });
          if (waitMs === null) throw error;
          await this.#pause(waitMs);
        }
      }
    } finally {
      deadline.end();
    }
  }

  /** Waits for a session, or for the end of the attempt. A session that opens after that is closed. */
  #openSession(signal: AbortSignal): Promise<PublisherSession> {
    const { media, publisher } = this.#options;
    this.#sent = tracksByKind(media);
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      let session: PublisherSession | null = null;
      const onAbort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      const request: OpenRequest = {
        media,
        previous: this.#previous,
        signal,
        onInterrupted: (reason = 'connection-lost') => this.#onTrouble(session, reason, true),
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
    // Events of a session that was replaced, or is being repaired, are out of date.
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
        this.#options.log('session-restarted');
        return;
      } catch (cause) {
        signal.throwIfAborted();
        this.#options.log('restart-failed', { error: asGatecastError(cause) });
      }
    }
    this.#session = null;
    if (session) this.#previous = session;
    // First the old session, because an ingest may allow only one per stream.
    if (session) await settlesWithin(session.close(), this.#options.clock, TEARDOWN_WAIT_MS);
    signal.throwIfAborted();
    await this.#open(this.#options.reconnectForMs(), true);
  }

  /**
   * Tracks may have been replaced while the session was opening. Only those are: if the session cannot send a track that
   * it was opened with, the next one cannot either.
   */
  async #syncTracks(): Promise<void> {
    const { media } = this.#options;
    if (!media) return;
    for (const [kind, track] of tracksByKind(media)) {
      if (this.#sent.get(kind) !== track) await this.replaceTrack(kind, track);
    }
  }

  /** Waits until the delay has passed or the network is back. */
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

function tracksByKind(media: MediaStream | null): Map<TrackKind, MediaStreamTrack | null> {
  const tracks = media?.getTracks() ?? [];
  return new Map(TRACK_KINDS.map((kind) => [kind, tracks.find((track) => track.kind === kind) ?? null]));
}

function asGatecastError(error: unknown): GatecastError {
  if (error instanceof GatecastError) return error;
  return connectionLost('The connection to the ingest failed.', error);
}
