import { TokenSession, type TokenSettings } from '@gatecast/element';
import {
  Authorizer,
  GatecastError,
  redactUrl,
  systemClock,
  type Cancel,
  type TokenStatus,
  type TokenValue,
  type WakeReason,
} from '@gatecast/token';
import type { Engine, EngineReport } from '../engine/engine.js';
import { findCapabilities } from '../loading/capabilities.js';
import { chooseEngine, type EngineName } from '../engine/registry.js';
import type { ResolvedSource } from '../source/player-source.js';
import { EngineSession } from './engine-session.js';
import { readPosition, restorePosition, type PlaybackPosition } from './playback-position.js';
import type { PlaybackHost, PlaybackOptions, PlaybackState } from './playback-host.js';
import { preconnect } from '../loading/preconnect.js';
import { watchProgress } from './watch/stall-watchdog.js';
import { recoveryDelayMs } from './recovery.js';
import { deferred } from '@gatecast/element';

/** No progress for this long is a failure, whatever the engine says. */
const STALL_LIMIT_MS = 15_000;

/**
 * Plays one source: keeps its tokens, chooses and runs an engine, and recovers it.
 */
export class Playback {
  /** What plays; its tokens may be exchanged by `updateSource`, nothing else. */
  source: ResolvedSource;
  readonly #host: PlaybackHost;
  readonly #options: PlaybackOptions;
  readonly #authorizer: Authorizer;
  readonly #life = new AbortController();
  readonly #begun = deferred<true>();
  readonly #engineName: EngineName;
  readonly #session: TokenSession;
  #state: PlaybackState = 'starting';
  #run: EngineSession;
  #attempts = 0;
  #hasPlayed = false;
  #lastError: GatecastError | null = null;
  #cancelRecovery: Cancel | null = null;

  constructor(host: PlaybackHost, options: PlaybackOptions) {
    this.source = options.source;
    this.#host = host;
    this.#options = options;
    // First of all: a connection to another origin takes longer than everything else that the first picture waits for.
    preconnect(this.#origins(), options.placement.kind === 'cookie', this.#life.signal);
    this.#session = this.#createSession(options.tokens);
    this.#authorizer = new Authorizer({
      tokens: this.#session,
      placement: options.placement,
      origins: [...options.tokenOrigins, ...this.#origins()],
    });
    this.#engineName = chooseEngine(options.engine, findCapabilities());
    this.#run = this.#createRun(false);
    for (const { stream, security } of this.source.entries) {
      // The token of an entry is made for it; the property is for whatever plays.
      const token = security ?? options.token;
      if (token !== null) this.seedStream(stream, token);
    }
  }

  get isProtected(): boolean {
    return this.#options.isProtected;
  }

  get state(): PlaybackState {
    return this.#state;
  }

  get engine(): Engine | null {
    return this.#run.engine;
  }

  /** Resolves when a `play()` of the page will not be cut off by the source being set. */
  readyToPlay(): Promise<void> {
    return this.#run.readyToPlay();
  }

  /** Resolves with the first picture; rejects with the error that there is none for. */
  get begun(): Promise<unknown> {
    return this.#begun.promise;
  }

  get tokenStates(): TokenStatus[] {
    return this.#session.states;
  }

  /** Where it stands, for a source that is to go on there. */
  position(): PlaybackPosition {
    return readPosition(this.#host.output.media, this.engine);
  }

  /** Fetches tokens and first playlists without touching the media element. @throws GatecastError */
  async prepare(signal: AbortSignal): Promise<void> {
    signal.addEventListener(
      'abort',
      () => {
        this.#run.stop();
      },
      { once: true, signal: this.#life.signal },
    );
    this.#warmUp();
    const { start } = this.#run;
    if (start.prepare) await start.prepare();
    else if (this.#options.placement.kind !== 'none')
      await Promise.all([...this.#session.streams].map((each) => this.#session.get(each, { signal })));
  }

  /** Begins: tokens, connection, playlists and engine all at once. */
  start(position: PlaybackPosition | null = null): void {
    const { media } = this.#host.output;
    const { signal } = this.#life;
    this.#warmUp();
    const stops = [
      systemClock.onWake((reason) => {
        this.#wake(reason);
      }),
      watchProgress({
        media: () => this.#host.output.media,
        limitMs: STALL_LIMIT_MS,
        onProgress: () => {
          this.#onProgress();
        },
        onStalled: () => {
          this.#onStalled();
        },
      }),
    ];
    signal.addEventListener(
      'abort',
      () => {
        for (const stop of stops) stop();
      },
      { once: true },
    );
    media.addEventListener(
      'loadeddata',
      () => {
        this.#begun.resolve(true);
      },
      { signal },
    );
    this.#begin(position);
  }

  /** Starts again where it failed; for the retry button, and for `play()` on a failed player. */
  retry(): void {
    this.#attempts = 0;
    if (this.#state !== 'failed') return;
    for (const { stream, state } of this.tokenStates) {
      // Told by the session's events; the engine meets the same error again.
      if (state === 'failed') this.#session.refresh(stream).catch(() => undefined);
    }
    this.#restart();
  }

  seed(token: TokenValue): void {
    for (const stream of this.#session.streams) this.seedStream(stream, token);
  }

  seedStream(stream: string, token: TokenValue): void {
    this.#session.seed(stream, token);
  }

  /** Takes another place to get tokens from; playback is not touched. */
  setTokenSettings(settings: TokenSettings): void {
    this.#session.setSettings(settings);
    this.#warmUp();
    if (this.#state === 'failed') this.retry();
  }

  /** @throws GatecastError why no token is available. */
  async refreshToken(stream?: string): Promise<void> {
    const streams = stream === undefined ? [...this.#session.streams] : [stream];
    const { signal } = this.#life;
    await Promise.all(streams.map((each) => this.#session.refresh(each, { signal })));
  }

  switchEntry(index: number | 'auto'): void {
    this.engine?.switchEntry(index);
  }

  stop(): void {
    this.#state = 'stopped';
    this.#begun.reject(new DOMException('The source was changed or the player removed.', 'AbortError'));
    this.#cancelRecovery?.();
    this.#run.stop();
    this.#life.abort();
    this.#session.release();
  }

  #warmUp(): void {
    if (this.#options.placement.kind !== 'none') this.#session.warmUp(this.#life.signal);
  }

  #origins(): Set<string> {
    return new Set(this.source.entries.flatMap(({ url }) => (url ? [new URL(url).origin] : [])));
  }

  #createSession(settings: TokenSettings): TokenSession {
    return new TokenSession({
      host: this.#host.element,
      log: this.#host.log,
      purpose: 'playback',
      settings,
      streams: new Set(this.source.entries.map((entry) => entry.stream)),
      onPlaylists: (playlists) => {
        this.#run.start.offerPlaylists?.(playlists);
      },
      onRefreshed: () => {
        if (this.#state === 'failed' && this.#lastError?.code.startsWith('token-')) this.#restart();
      },
    });
  }

  #createRun(resumesPlaying: boolean): EngineSession {
    const { element, output, engineOptions } = this.#host;
    return new EngineSession({
      element,
      output,
      resumesPlaying,
      source: this.source,
      authorizer: this.#authorizer,
      tokens: this.#options.placement.kind === 'none' ? null : this.#session,
      options: engineOptions,
      engineName: this.#engineName,
      report: (report) => {
        this.#onReport(report);
      },
    });
  }

  #begin(position: PlaybackPosition | null): void {
    const { media } = this.#host.output;
    const run = this.#run;
    run.begin();
    if (!position) return;
    media.addEventListener(
      'loadedmetadata',
      () => {
        restorePosition(media, run.engine, position);
      },
      { once: true, signal: run.signal },
    );
  }

  /** Loads the source again in the same element; what was playing plays again, what has a position keeps it. */
  #restart(): void {
    const position = this.position();
    this.#cancelRecovery?.();
    this.#cancelRecovery = null;
    this.#run.stop();
    this.#run = this.#createRun(position.wasPlaying);
    if (this.#state === 'failed') this.#host.onError(null);
    this.#state = 'starting';
    this.#begin(position);
  }

  #onReport(report: EngineReport): void {
    switch (report.type) {
      case 'error':
        this.#onFailure(report.error, report.isResumable);
        break;
      case 'refused':
        // Told already when it was the manager that gave up.
        if (this.#session.status(report.stream).state !== 'failed') {
          this.#session.reportFailure(report.stream, report.error);
        }
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
      this.#begun.reject(error);
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
    if (isResumable && this.engine) this.engine.recover();
    else this.#restart();
  }

  #onProgress(): void {
    if (!this.#hasPlayed) void this.#watchPlayback();
    this.#hasPlayed = true;
    if (this.#state === 'starting' || this.#state === 'recovering') this.#state = 'playing';
    this.#attempts = 0;
  }

  /** Of no use before there is a picture, so it is not part of what the picture waits for. */
  async #watchPlayback(): Promise<void> {
    const { watchPlayback } = await import('./watch/watch-playback.js');
    const { signal } = this.#life;
    if (!signal.aborted) watchPlayback({ host: this.#host, engine: () => this.engine, signal });
  }

  #onStalled(): void {
    if (this.#state === 'failed' || this.#cancelRecovery) return;
    const error = new GatecastError('playback-stalled', 'Playback stands still.', {
      hint: 'Check the network and the media origin.',
      retryable: true,
    });
    this.#onFailure(error, this.#state !== 'recovering');
  }

  /** The page came back or the network did: whatever waits or has failed is tried now. */
  #wake(reason: WakeReason): void {
    this.#host.log.add('wake', { state: this.#state, reason });
    if (this.#state === 'failed') {
      if (this.#lastError?.retryable) this.retry();
    } else if (this.#cancelRecovery) {
      this.#recoverNow(false);
    } else if (
      !this.#host.output.media.paused &&
      (reason === 'online' || isStarving(this.#host.output.media))
    ) {
      // Without a network the engine's own retries have grown far apart, and the buffer does not wait for them.
      this.engine?.recover();
    }
  }

  toJSON(): Record<string, unknown> {
    const { engine, source, tokenStates } = this;
    return {
      state: this.#state,
      engine: engine && { name: this.#engineName, version: engine.version },
      livePosition: engine?.livePosition ?? null,
      entries: source.entries.map(({ url, raw: _, security: __, ...entry }) => ({
        ...entry,
        url: url && redactUrl(url),
      })),
      tokens: tokenStates,
    };
  }
}

function isStarving({ readyState }: HTMLMediaElement): boolean {
  return readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
}
