import { TokenSession, type EventLog, type TokenSettings } from '@gatecast/element';
import {
  Authorizer,
  GatecastError,
  redactUrl,
  systemClock,
  type Cancel,
  type Placement,
  type TokenStatus,
  type TokenValue,
} from '@gatecast/token';
import type { Engine, EngineName, EngineReport } from '../engine/engine.js';
import { chooseEngine, loadEngine } from '../engine/registry.js';
import type { ResolvedSource } from '../source/player-source.js';
import { knownBandwidthBps } from './bandwidth-memory.js';
import { EarlyRequests } from './early-requests.js';
import { isTypeSupported } from './is-type-supported.js';
import { preconnect } from './preconnect.js';
import { watchProgress } from './progress-watchdog.js';
import { recoveryDelayMs } from './recovery.js';
import { startUp } from './start-up.js';

export interface PlaybackOptions {
  readonly source: ResolvedSource;
  readonly engine: EngineName | 'auto';
  readonly engineConfig: Readonly<Record<string, unknown>>;
  readonly tokens: TokenSettings;
  readonly placement: Placement;
  /** Origins besides those of the source that may receive the token. */
  readonly tokenOrigins: readonly string[];
  /** A token that the page brought along, for every stream of the source. */
  readonly token: TokenValue | null;
}

/** What playback needs of the element it plays in. */
export interface PlaybackHost {
  readonly element: EventTarget;
  readonly media: HTMLVideoElement;
  readonly log: EventLog;
  onReport(report: Exclude<EngineReport, { type: 'error' | 'note' }>): void;
  /** An error that could not be recovered from; `null` when playback has begun anew after one. */
  onError(error: GatecastError | null): void;
}

/** How one source's playback stands. */
export type PlaybackState = 'starting' | 'playing' | 'recovering' | 'failed' | 'stopped';

/** No progress for this long is a failure, whatever the engine says. */
const STALL_LIMIT_MS = 15_000;

/**
 * Plays one source: keeps its tokens, chooses and runs an engine, and recovers it.
 */
export class Playback {
  readonly source: ResolvedSource;
  readonly #host: PlaybackHost;
  readonly #options: PlaybackOptions;
  readonly #authorizer: Authorizer;
  readonly #life = new AbortController();
  #session: TokenSession;
  #state: PlaybackState = 'starting';
  #engine: Engine | null = null;
  #run = new AbortController();
  #early: EarlyRequests | null = null;
  #attempts = 0;
  #hasPlayed = false;
  #lastError: GatecastError | null = null;
  #attached = newAttachment();
  #cancelRecovery: Cancel | null = null;

  constructor(host: PlaybackHost, options: PlaybackOptions) {
    this.#host = host;
    this.#options = options;
    this.source = options.source;
    this.#session = this.#createSession(options.tokens);
    const origins = new Set(options.tokenOrigins);
    for (const entry of this.source.entries) if (entry.url) origins.add(new URL(entry.url).origin);
    this.#authorizer = new Authorizer({
      // Through the session of the moment: the page may change where tokens come from while it plays.
      tokens: {
        get: (...args) => this.#session.manager.get(...args),
        peek: (stream) => this.#session.manager.peek(stream),
        rejected: (...args) => this.#session.manager.rejected(...args),
        accepted: (...args) => {
          this.#session.manager.accepted(...args);
        },
      },
      placement: options.placement,
      origins,
    });
    for (const entry of this.source.entries)
      if (entry.security) this.#session.seed(entry.stream, entry.security);
    if (options.token !== null) this.seed(options.token);
  }

  get state(): PlaybackState {
    return this.#state;
  }

  /** Resolves when the media element has its source, so that `play()` is not cut off by it. */
  get attached(): Promise<void> {
    return this.#attached.promise;
  }

  get engine(): Engine | null {
    return this.#engine;
  }

  get tokenStates(): TokenStatus[] {
    return this.#session.states;
  }

  /** Begins: tokens, connection, playlists and engine all at once. */
  start(): void {
    const { signal } = this.#life;
    if (this.#options.placement.kind !== 'none') this.#session.warmUp(signal);
    preconnect(
      this.source.entries.flatMap((entry) => (entry.url ? [new URL(entry.url).origin] : [])),
      this.#options.placement.kind === 'cookie',
      signal,
    );
    const cancelWake = systemClock.onWake(() => {
      this.#wake();
    });
    const cancelWatch = watchProgress({
      media: this.#host.media,
      limitMs: STALL_LIMIT_MS,
      onProgress: () => {
        this.#onProgress();
      },
      onStalled: () => {
        this.#onStalled();
      },
    });
    signal.addEventListener(
      'abort',
      () => {
        cancelWake();
        cancelWatch();
      },
      { once: true },
    );
    this.#begin();
  }

  /** Begins anew where it failed; for the retry button, and for whoever calls play() on a failed player. */
  retry(): void {
    this.#attempts = 0;
    if (this.#state !== 'failed') return;
    for (const { stream, state } of this.tokenStates) {
      if (state === 'failed') this.#session.manager.refresh(stream).catch(() => undefined);
    }
    this.#restart();
  }

  seed(token: TokenValue): void {
    for (const stream of this.#session.streams) this.#session.seed(stream, token);
  }

  /** Takes another place to get tokens from; playback is not touched. */
  setTokenSettings(settings: TokenSettings): void {
    const old = this.#session;
    this.#session = this.#createSession(settings);
    old.release();
    if (this.#options.placement.kind !== 'none') this.#session.warmUp(this.#life.signal);
    if (this.#state === 'failed') this.retry();
  }

  /** @throws GatecastError why a token could not be had. */
  async refreshToken(stream?: string): Promise<void> {
    const streams = stream === undefined ? [...this.#session.streams] : [stream];
    await Promise.all(
      streams.map((each) => this.#session.manager.refresh(each, { signal: this.#life.signal })),
    );
  }

  switchEntry(index: number | 'auto'): void {
    this.#engine?.switchEntry(index);
  }

  stop(): void {
    this.#state = 'stopped';
    this.#attached.reject(new DOMException('The source was changed or the player removed.', 'AbortError'));
    this.#tearDown();
    this.#life.abort();
    this.#session.release();
  }

  #createSession(settings: TokenSettings): TokenSession {
    return new TokenSession({
      host: this.#host.element,
      log: this.#host.log,
      purpose: 'playback',
      settings,
      streams: new Set(this.source.entries.map((entry) => entry.stream)),
      onPlaylists: (playlists) => {
        this.#early?.offerPlaylists(playlists, document.baseURI);
      },
      onRefreshed: () => {
        if (this.#state === 'failed' && this.#lastError?.code.startsWith('token-')) this.#restart();
      },
    });
  }

  /** One run of an engine. */
  #begin(): void {
    this.#run = new AbortController();
    const { signal } = this.#run;
    const early = (this.#early = new EarlyRequests(this.#authorizer, signal));
    const name = chooseEngine(this.#options.engine);
    const plan = startUp({
      source: this.source,
      early,
      bandwidthBps: knownBandwidthBps(),
      isSupported: isTypeSupported,
    });
    // The engine waits for it too; here it only must not be an unhandled rejection while the engine is on its way.
    plan.catch(() => undefined);
    void this.#runEngine(name, plan, early, signal);
  }

  async #runEngine(
    name: EngineName,
    plan: ReturnType<typeof startUp>,
    early: EarlyRequests,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const createEngine = await loadEngine(name);
      if (signal.aborted) return;
      this.#engine = createEngine({
        media: this.#host.media,
        source: this.source,
        authorizer: this.#authorizer,
        early,
        plan,
        config: this.#options.engineConfig,
        signal,
        report: (report) => {
          if (!signal.aborted) this.#onReport(report);
        },
      });
      const loading = this.#engine.load();
      this.#attached.resolve();
      await loading;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof GatecastError)) throw error;
      this.#onFailure(error, false);
    }
  }

  #tearDown(): void {
    this.#cancelRecovery?.();
    this.#cancelRecovery = null;
    this.#run.abort();
    this.#engine?.destroy();
    this.#engine = null;
    this.#early?.clear();
  }

  /** Loads the source anew in the same element; what was playing plays again, what has a position keeps it. */
  #restart(): void {
    const { media } = this.#host;
    const wasPlaying = !media.paused;
    const isOnDemand = Number.isFinite(media.duration);
    const position = media.currentTime;
    this.#tearDown();
    if (this.#state === 'failed') {
      this.#attached = newAttachment();
      this.#host.onError(null);
    }
    this.#state = 'starting';
    this.#begin();
    const { signal } = this.#run;
    media.addEventListener(
      'loadedmetadata',
      () => {
        if (isOnDemand && position > 0) media.currentTime = position;
        // Autoplay may be forbidden by now; then the viewer sees the paused picture and a play button.
        if (wasPlaying) media.play().catch(() => undefined);
      },
      { once: true, signal },
    );
  }

  #onReport(report: EngineReport): void {
    switch (report.type) {
      case 'error':
        this.#onFailure(report.error, report.isResumable);
        break;
      case 'note':
        this.#host.log.add(report.name, { ...report.details });
        break;
      case 'entry':
      case 'live':
      case 'renditions':
        this.#host.onReport(report);
    }
  }

  #onFailure(error: GatecastError, isResumable: boolean): void {
    if (this.#state === 'failed' || this.#state === 'stopped') return;
    // A token's own errors were retried already, by the manager and with all the patience there is.
    const isWorthwhile = error.retryable && !error.code.startsWith('token-');
    const waitMs = isWorthwhile
      ? recoveryDelayMs({ attempts: this.#attempts, hasPlayed: this.#hasPlayed, random: Math.random() })
      : null;
    this.#lastError = error;
    if (waitMs === null) {
      this.#state = 'failed';
      this.#attached.reject(new DOMException(error.message, 'NotSupportedError'));
      this.#host.onError(error);
      return;
    }
    this.#attempts += 1;
    this.#state = 'recovering';
    this.#host.log.add('recovering', { code: error.code, attempt: this.#attempts, waitMs });
    this.#cancelRecovery?.();
    this.#cancelRecovery = systemClock.at(systemClock.now() + waitMs, () => {
      this.#recoverNow(isResumable);
    });
  }

  #recoverNow(isResumable: boolean): void {
    this.#cancelRecovery?.();
    this.#cancelRecovery = null;
    if (isResumable && this.#engine) this.#engine.recover();
    else this.#restart();
  }

  #onProgress(): void {
    this.#hasPlayed = true;
    if (this.#state === 'starting' || this.#state === 'recovering') this.#state = 'playing';
    this.#attempts = 0;
  }

  #onStalled(): void {
    if (this.#state === 'failed' || this.#cancelRecovery) return;
    const error = new GatecastError('playback-stalled', 'Playback stands still.', {
      hint: 'Check the network and the media origin; diagnostics() holds what happened before.',
      retryable: true,
    });
    this.#onFailure(error, this.#state !== 'recovering');
  }

  /** The page came back or the network did: whatever waits or has failed is tried now. */
  #wake(): void {
    this.#host.log.add('wake', { state: this.#state });
    if (this.#state === 'failed') {
      if (this.#lastError?.retryable) this.retry();
    } else if (this.#cancelRecovery) {
      this.#recoverNow(false);
    } else if (!this.#host.media.paused && this.#host.media.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) {
      this.#engine?.recover();
    }
  }

  toJSON(): Record<string, unknown> {
    return {
      state: this.#state,
      engine: this.#engine && { name: this.#engine.name, version: this.#engine.version },
      livePosition: this.#engine?.livePosition ?? null,
      entries: this.source.entries.map(({ index, label, url, stream, bitrateKbps }) => ({
        index,
        label,
        url: url && redactUrl(url),
        stream,
        bitrateKbps,
      })),
      tokens: this.tokenStates,
    };
  }
}

interface Attachment {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(reason: DOMException): void;
}

function newAttachment(): Attachment {
  let resolve = (): void => undefined;
  let reject = (_reason: DOMException): void => undefined;
  const promise = new Promise<void>((...settle) => {
    [resolve, reject] = settle;
  });
  // Only a caller of play() minds; without one it is nobody's error.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
