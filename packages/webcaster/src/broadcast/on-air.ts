import type { EventLog } from '@gatecast/element';
import { delay, lazyPart, type Clock } from '@gatecast/token';
import type { IngestTokens, PublisherSession } from '../publisher/publisher.js';
import { SecureBroadcastOnAirEvent } from './start-events.js';
import type { BroadcastHost } from './broadcast-host.js';
import type { BroadcastStatus } from './broadcast-status.js';
import { offAir, type ServerWord } from './server-word.js';

const watchPart = lazyPart('serverWatch', async () => (await import('./server-watch.js')).serverWatch, {
  code: 'publisher-load-failed',
});

export interface OnAirOptions {
  readonly host: BroadcastHost;
  readonly clock: Clock;
  readonly log: EventLog;
  readonly status: BroadcastStatus;
  readonly tokens: IngestTokens;
  /** Absolute `status-url`; `null` without one. */
  readonly statusUrl: () => string | null;
}

/** A server may end a session while it begins, and then take it after all. */
const SHORTEST_SESSION_MS = 3000;
/** A server that ends one session after another would end a broadcast for good: after this time, another one is opened. */
const RESTART_INTERVAL_MS = 60_000;
/** A keyframe, a reconnect of the server's parts or a device that was just switched is not worth a notice. */
const GRACE_MS = 4000;

/** Whether the server receives the broadcast, in its own word. */
export class OnAir {
  readonly #options: OnAirOptions;
  #watch: AbortController | null = null;
  #isOnAir: boolean | null = null;
  #grace: AbortController | null = null;
  #restartedAtMs = -Infinity;
  /** Cancels the new session that is to be opened for one that the server has ended. */
  #cancelRestart: (() => void) | null = null;
  /** Begins again when the server has refused the token. */
  #retry: (() => void) | null = null;

  constructor(options: OnAirOptions) {
    this.#options = options;
  }

  /** `null` when the server is not asked, or has not said yet. */
  get isOnAir(): boolean | null {
    return this.#isOnAir;
  }

  /** Is there a server that says whether it receives this broadcast? */
  get isWatched(): boolean {
    return this.#watch !== null;
  }

  /**
   * Follows a session that has gone live.
   *
   * @param onSessionEnded - the server has ended it, which its connection may show much later. Called with a delay if the server has ended
   *   one soon, or two in a short time.
   */
  follow(session: PublisherSession | null, onSessionEnded: () => void): void {
    this.interrupt();
    const { clock } = this.#options;
    const canEndFromMs = clock.now() + SHORTEST_SESSION_MS;
    const restart = (): void => {
      this.#cancelRestart = null;
      this.#restartedAtMs = clock.now();
      onSessionEnded();
    };
    this.#begin(session, () => {
      const atMs = Math.max(canEndFromMs, this.#restartedAtMs + RESTART_INTERVAL_MS);
      if (clock.now() >= atMs) restart();
      // The server says it once.
      else this.#cancelRestart ??= clock.at(atMs, restart);
    });
  }

  /** A server that has refused the last token may take this one. */
  tokenRefreshed(): void {
    this.#retry?.();
  }

  #begin(session: PublisherSession | null, onSessionEnded: () => void): void {
    this.#stop();
    const eventsUrl = session?.serverEventsUrl ?? null;
    const { tokens, clock, log, statusUrl } = this.#options;
    const status = statusUrl();
    if (eventsUrl === null && status === null) return;
    const watch = new AbortController();
    this.#watch = watch;
    const { signal } = watch;
    const onWord = (word: ServerWord): void => {
      if (signal.aborted) return;
      this.#hear(word);
      if (word.reason === 'session-ended') onSessionEnded();
    };
    watchPart({ signal, log })
      .then(async ({ events, status: askStatus }) => {
        const isSessionGone = async (): Promise<boolean> => (await session?.isGone?.(signal)) ?? false;
        const hasFallback = status !== null;
        const options = { tokens, clock, random: Math.random, signal, onWord, hasFallback, isSessionGone };
        const end = eventsUrl === null ? 'useless' : await events(eventsUrl, options);
        if (end !== 'useless') return;
        if (status !== null) await askStatus(status, { ...options, hasFallback: false });
        if (!signal.aborted) this.#retry = () => this.#begin(session, onSessionEnded);
      })
      // Only the signal ends the load, and the watch handles its own failures.
      .catch(() => undefined);
  }

  /** The session is lost or replaced: what the server said was about that one. */
  interrupt(): void {
    this.#stop();
    this.#forgetEnd();
    this.#set(null, 'unreachable', true);
  }

  /** The broadcast has ended. */
  end(): void {
    this.#stop();
    this.#forgetEnd();
    this.#restartedAtMs = -Infinity;
    this.#set(null, 'unreachable', false);
  }

  #hear({ isOnAir, reason }: ServerWord): void {
    // The session has ended, whether the server says more or not.
    if (isOnAir === null && this.#cancelRestart) return;
    const { status } = this.#options;
    this.#set(isOnAir, reason, true);
    if (isOnAir === false) this.#warnLater();
    else this.#grace?.abort();
    if (isOnAir !== true) return;
    this.#cancelRestart?.();
    this.#cancelRestart = null;
    if (status.error?.code === 'off-air') status.clearError();
  }

  #set(isOnAir: boolean | null, reason: ServerWord['reason'], isTold: boolean): void {
    if (this.#isOnAir === isOnAir) return;
    const { host, log } = this.#options;
    this.#isOnAir = isOnAir;
    log.add(SecureBroadcastOnAirEvent.type, { isOnAir, reason: isTold ? reason : 'stopped' });
    host.requestUpdate();
    host.dispatchEvent(new SecureBroadcastOnAirEvent({ isOnAir, reason: isTold ? reason : 'stopped' }));
  }

  /** A broadcast that is live for its own connection only is what a producer must know. */
  #warnLater(): void {
    if (this.#grace && !this.#grace.signal.aborted) return;
    const grace = new AbortController();
    this.#grace = grace;
    const { clock, status } = this.#options;
    delay(clock, GRACE_MS, grace.signal)
      .then(() => {
        this.#grace = null;
        if (status.state === 'live') status.warn(offAir());
      })
      // The server receives it again, or the broadcast has ended.
      .catch(() => undefined);
  }

  #stop(): void {
    this.#watch?.abort();
    this.#watch = null;
    this.#retry = null;
  }

  #forgetEnd(): void {
    this.#grace?.abort();
    this.#grace = null;
    this.#cancelRestart?.();
    this.#cancelRestart = null;
  }
}
