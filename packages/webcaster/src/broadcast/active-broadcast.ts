import type { GatecastError } from '@gatecast/token';
import type { TrackKind } from '../capture/capture-request.js';
import { mediaRefused } from '../publisher/publisher-errors.js';
import type { Publisher, PublisherSession } from '../publisher/publisher.js';
import type { BroadcastStats } from '../stats/broadcast-stats.js';
import {
  SecureBroadcastStatsEvent,
  SecureSendingChangedEvent,
  type SendingStatus,
} from './broadcast-events.js';
import type { BroadcastMedia } from './broadcast-media.js';
import type { CaptureControl } from './capture-control.js';
import { LiveSession } from './live-session.js';
import { OnAir, type OnAirOptions } from './on-air.js';
import { SendingWatch } from './sending-watch.js';
import { pollStats } from './stats-poll.js';

export interface ActiveBroadcastOptions extends OnAirOptions {
  readonly media: BroadcastMedia;
  readonly capture: CaptureControl;
  /** Gets a token for a new session. @throws GatecastError if another attempt cannot succeed now. */
  readonly prepareReconnect: (signal: AbortSignal) => Promise<void>;
  readonly onFailed: (error: GatecastError, signal: AbortSignal) => void;
}

/** The broadcast that runs now, if any: its session, when it went live, and its statistics. */
export class ActiveBroadcast {
  readonly onAir: OnAir;
  readonly #options: ActiveBroadcastOptions;
  #live: LiveSession | null = null;
  #liveSinceMs: number | null = null;
  #stats: BroadcastStats | null = null;
  #sending: SendingStatus | null = null;
  #sendingWatch = new SendingWatch();

  constructor(options: ActiveBroadcastOptions) {
    this.#options = options;
    this.onAir = new OnAir(options);
  }

  get exists(): boolean {
    return this.#live !== null;
  }

  get session(): PublisherSession | null {
    return this.#live?.session ?? null;
  }

  /** Milliseconds since the epoch of the first connection; `null` without one. */
  get liveSinceMs(): number | null {
    return this.#liveSinceMs;
  }

  get stats(): BroadcastStats | null {
    return this.#stats;
  }

  /** What limits the sending, with what is sent; `null` if nothing does. */
  get sending(): SendingStatus | null {
    return this.#sending;
  }

  /** @throws GatecastError why it failed; an AbortError when it was stopped. */
  async start(publisher: Publisher, signal: AbortSignal): Promise<void> {
    const { host, clock, log, status, media, capture, prepareReconnect, onFailed } = this.#options;
    const live: LiveSession = new LiveSession({
      publisher,
      media: capture.media,
      clock,
      random: Math.random,
      reconnectForMs: () => host.reconnectFor * 1000,
      prepareReconnect,
      onLive: (reason) => {
        live.session?.setMuted?.(capture.muted);
        if (this.#liveSinceMs === null) {
          this.#liveSinceMs = Date.now();
          this.#pollStats(signal);
        }
        status.move('connect', reason);
        this.onAir.follow(live.session, () => live.sessionEnded());
        const refused = live.session?.refusedKinds ?? [];
        media.setRefused(refused);
        if (refused.length > 0) status.warn(mediaRefused(refused, true));
      },
      onInterrupted: (reason) => {
        this.onAir.interrupt();
        status.move('interrupt', reason);
      },
      onFailed: (error) => onFailed(error, signal),
      log: (type, details) => log.add(type, details),
    });
    this.#live = live;
    await live.start();
  }

  /**
   * The backend has ended the access. An ingest that has let the session in may never ask for the token again, so that only this page
   * ends it. A start that has not reached its publisher yet meets the same error there.
   */
  endAccess(error: GatecastError, signal: AbortSignal): void {
    const { status, onFailed } = this.#options;
    if (status.state === 'connecting') this.#live?.cancelStart(error);
    else if (status.isBroadcasting) onFailed(error, signal);
  }

  replaceTrack(kind: TrackKind, track: MediaStreamTrack | null): void {
    this.#live?.replaceTrack(kind, track).catch((error: unknown) => this.#options.status.warn(error));
  }

  updateEncoding(): void {
    this.session?.updateEncoding?.().catch((error: unknown) => this.#options.status.warn(error));
  }

  /** Ends the broadcast. Resolves when the server has responded. */
  async stop(): Promise<void> {
    const live = this.#live;
    this.#live = null;
    this.#liveSinceMs = null;
    this.#stats = null;
    this.#sending = null;
    this.#sendingWatch = new SendingWatch();
    this.#options.media.setRefused([]);
    this.onAir.end();
    await live?.stop();
  }

  #pollStats(signal: AbortSignal): void {
    const { host, clock } = this.#options;
    void pollStats({
      clock,
      signal,
      getReport: () => this.session?.getStats() ?? Promise.resolve(null),
      onStats: (stats) => {
        this.#stats = stats;
        host.dispatchEvent(new SecureBroadcastStatsEvent(stats));
        this.#followNetwork(stats);
        host.requestUpdate();
      },
    });
  }

  #followNetwork(stats: BroadcastStats): void {
    const { host, clock, log } = this.#options;
    const { session } = this;
    session?.followNetwork?.(stats).catch((error: unknown) => {
      log.add('sending-not-changed', { error: error instanceof Error ? error.name : 'unknown' });
    });
    const change = this.#sendingWatch.update(stats, session?.isReduced ?? false, clock.now());
    if (!change) return;
    this.#sending = change.reason === null ? null : change;
    log.add(SecureSendingChangedEvent.type, { ...change });
    host.dispatchEvent(new SecureSendingChangedEvent(change));
  }
}
