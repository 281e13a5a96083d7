import { TokenSession, deferred, type TokenSettings } from '@gatecast/element';
import {
  Authorizer,
  isAccessEnd,
  isRefusal,
  noTokenSource,
  systemClock,
  type GatecastError,
  type WakeReason,
} from '@gatecast/token';
import type { Engine, EngineReport } from '../engine/engine.js';
import { findCapabilities } from '../loading/capabilities.js';
import { chooseEngines, playableSource, type EngineName } from '../engine/registry.js';
import { sourceAddresses, sourceOrigins } from '../source/describe-source.js';
import type { ResolvedEntry, ResolvedSource } from '../source/player-source.js';
import { describePlayback } from './describe-playback.js';
import { EngineSession } from './engine-session.js';
import type { PlaybackPosition } from '../media/playback-position.js';
import { beginAt, positionNow } from './continuation.js';
import { pauseAtEnd } from './pause-at-end.js';
import { routeReport } from './route-report.js';
import { seedTokens } from './seed-tokens.js';
import type { PlaybackHost, PlaybackOptions, PlaybackState } from './playback-host.js';
import { preconnect } from '../loading/preconnect.js';
import { MediaSampler } from './watch/media-sampler.js';
import { watchProgress } from './watch/stall-watchdog.js';
import { watchLater } from './watch/watch-part.js';
import { awaitsAutoplay, isStandingStill } from './standing-still.js';
import { Recovery } from './recovery.js';

/** Playback without progress for this long has failed, even if the engine reports no error. */
const STALL_LIMIT_MS = 15_000;

/** Plays one source: manages its tokens, chooses and runs an engine, and recovers from errors. */
export class Playback {
  /** The source that plays. A change replaces it when only tokens differ or when the engine has made the change. */
  source: ResolvedSource;
  readonly #host: PlaybackHost;
  readonly #options: PlaybackOptions;
  readonly authorizer: Authorizer;
  readonly #life = new AbortController();
  readonly #begun = deferred<true>();
  /** The engines that may play the source, best first. */
  readonly ways: readonly EngineName[];
  readonly engineName: EngineName;
  /** The tokens of its streams. */
  readonly tokens: TokenSession;
  /** Does only `begun` report a failure, because it is not known yet whether the source plays? */
  isOnTrial = false;
  /** Is a stream's sound enough where its picture is refused, since no engine after this one has it? */
  isSoundEnough = false;
  /** Called first with what its engine reports. */
  onEngineReport: ((report: EngineReport) => void) | null = null;
  readonly #recovery = this.#createRecovery();
  #run: EngineSession;
  #hasStarted: true | undefined;
  /** Where it continues, until its first picture is there. */
  #next: PlaybackPosition | null = null;

  constructor(host: PlaybackHost, options: PlaybackOptions) {
    this.source = options.source;
    this.#host = host;
    this.#options = options;
    this.ways = chooseEngines(options.engine, findCapabilities(), this.source);
    this.engineName = this.ways[options.way ?? 0] ?? (options.engine as EngineName);
    // First, because a connection to another origin is the slowest step before the first frame.
    preconnect(sourceOrigins(options.source), options.placement, host.output.video, this.#life.signal);
    this.tokens = this.#createTokens(options.tokens);
    this.authorizer = new Authorizer({
      tokens: this.tokens,
      placement: options.placement,
      // Whole addresses: one that is signed has its token in it.
      origins: [...options.tokenOrigins, ...sourceAddresses(options.source)],
    });
    this.#run = this.#createRun();
    this.#run.start.offerPlaylists?.(options.playlists ?? {}, options.media ?? []);
    seedTokens(this.tokens, this.entries, options);
  }

  get isProtected(): boolean {
    return this.#options.isProtected;
  }

  /** The entries that its engine can play: no token is requested for others. @throws GatecastError `source-missing` */
  get entries(): readonly ResolvedEntry[] {
    return playableSource(this.engineName, this.source).entries;
  }

  get state(): PlaybackState {
    return this.#recovery.state;
  }

  get run(): EngineSession {
    return this.#run;
  }

  get engine(): Engine | null {
    return this.run.engine;
  }

  /** Resolves when the page can call `play()` without the call being interrupted by a new source. */
  readyToPlay(): Promise<void> {
    return this.#run.readyToPlay();
  }

  /** Resolves at the first frame, also of a vendor's media element, or when the source waits for `play()`; rejects with the error that prevented it. */
  get begun(): Promise<unknown> {
    return this.#begun.promise;
  }

  /** The current position, for a source that continues there. */
  position(): PlaybackPosition {
    return positionNow(this.#host.output.media, this.engine, this.#next);
  }

  /** Fetches tokens and first playlists without touching the media element. Resolves as its {@link EngineStart.prepare}. @throws GatecastError */
  async prepare(signal: AbortSignal): Promise<unknown> {
    signal.addEventListener('abort', () => this.#run.stop(), { once: true, signal: this.#life.signal });
    this.#warmUp();
    const { start } = this.#run;
    return start.prepare?.() ?? this.haveTokens(signal);
  }

  /** Resolves when each stream has a token, if it needs one. @throws GatecastError */
  async haveTokens(signal: AbortSignal): Promise<void> {
    if (this.#options.placement.kind !== 'none')
      await Promise.all([...this.tokens.streams].map((each) => this.tokens.get(each, { signal })));
  }

  /** Starts playback. Tokens, connection, playlists and engine load in parallel. */
  start(position: PlaybackPosition | null = null): void {
    const { signal } = this.#life;
    this.#hasStarted = true;
    this.#warmUp();
    signal.addEventListener('abort', systemClock.onWake(this.#wake), { once: true });
    const sampler = new MediaSampler({ media: () => this.#host.output.media, signal });
    watchProgress({
      sampler,
      limitMs: STALL_LIMIT_MS,
      onProgress: () => {
        if (this.engine?.isStill) return;
        this.#onBegun();
        this.#recovery.progress();
      },
      onSettled: () => {
        void watchLater({ host: this.#host, tokens: this.tokens, engine: () => this.engine, sampler });
      },
      onStalled: () => {
        if (!this.engine?.isRetrying) this.#recovery.stalled();
      },
    });
    this.#host.output.onLoadedData = () => {
      this.#next = null;
      this.#onBegun();
      this.#recovery.loaded();
    };
    this.#begin(position);
  }

  /** Restarts failed playback at its last position, for the retry button and `play()` on a failed player. */
  retry(): void {
    if (this.state !== 'failed') return;
    this.tokens.refreshFailed();
    this.#restart();
  }

  /** Reports failures from now on, and tries again after one that nobody has heard of. */
  endTrial(): void {
    if (!this.isOnTrial) return;
    this.isOnTrial = false;
    this.retry();
  }

  /** Changes where tokens are fetched. Playback is not interrupted, but failed playback is retried. */
  setTokenSettings(settings: TokenSettings): void {
    const { failure } = this.#recovery;
    // The viewer did not ask for the render that shows the end of the access.
    if (!this.tokens.setSettings(settings, failure !== null && !isAccessEnd(failure.code))) return;
    this.#warmUp();
    this.retry();
  }

  /** @throws GatecastError when no token is available. */
  async refreshToken(stream?: string): Promise<void> {
    const streams = stream === undefined ? [...this.tokens.streams] : [stream];
    await Promise.all(streams.map((each) => this.tokens.refresh(each, { signal: this.#life.signal })));
  }

  switchEntry(index: number | 'auto'): void {
    this.engine?.switchEntry(index);
  }

  stop(): void {
    this.#recovery.stop();
    this.#begun.reject(new DOMException('The source was changed or the player removed.', 'AbortError'));
    this.#run.stop();
    this.#life.abort();
    this.tokens.release();
  }

  #warmUp(): void {
    if (this.#options.placement.kind !== 'none') this.tokens.warmUp(this.#life.signal);
  }

  #createTokens(settings: TokenSettings): TokenSession {
    return new TokenSession({
      host: this.#host.element,
      log: this.#host.log,
      purpose: 'playback',
      settings,
      streams: new Set(this.entries.map((entry) => entry.stream)),
      onPlaylists: (...offered) => this.#run.start.offerPlaylists?.(...offered),
      onRefreshed: (_, reason) => this.#recovery.tokenRefreshed(reason),
      onEnded: (error, isLast, stream) => {
        // An engine may go on with another entry, as if the origin refused the token of this one.
        if (isLast || !this.#run.leaveOut(stream)) this.#end(error);
      },
      onMissing: (error) => this.#recovery.trouble(error),
    });
  }

  #createRecovery(): Recovery {
    return new Recovery({
      restart: () => this.#restart(),
      resume: () => {
        this.engine?.recover();
        return this.engine !== null;
      },
      onWaiting: (details) => this.#host.log.add('recovering', details),
      isOnTrial: () => this.isOnTrial,
      isStandingStill: () => Boolean(this.engine?.isStill) || isStandingStill(this.#host.output),
      mayStartLater: () => this.#options.mayStartLater(),
      onStreamAwaited: (isAwaited) => this.#host.onStreamAwaited(isAwaited),
      onFailed: (failure) => {
        const { placement } = this.#options;
        // Not while it recovers: origins may also return 403 for a segment that has gone.
        const isOpen = !this.isProtected && !('credentials' in placement) && this.#recovery.isFinal;
        const error = isOpen && isRefusal(failure) ? noTokenSource(failure) : failure;
        if (!this.isOnTrial) this.#host.onError(error);
        if (error) this.#begun.reject(error);
      },
    });
  }

  #createRun(): EngineSession {
    const { element, output } = this.#host;
    return new EngineSession({
      element,
      output,
      source: playableSource(this.engineName, this.source),
      authorizer: this.authorizer,
      tokens: this.#options.placement.kind === 'none' ? null : this.tokens,
      options: element,
      startAt: this.#options.startAt,
      needsPicture: () => !this.isSoundEnough && this.ways.at(-1) !== this.engineName,
      engineName: this.engineName,
      report: this.#onReport,
    });
  }

  #begin(position: PlaybackPosition | null): void {
    this.#next = position;
    beginAt(position, this.#run, this.#host.output.media, this.engineName);
  }

  /** The access has ended: not even what is buffered plays on, and no token is renewed. Where it goes on is kept. */
  #end(error: GatecastError): void {
    this.tokens.rest();
    // What is only prepared does not own what plays.
    if (this.#hasStarted) {
      this.#next = this.position();
      pauseAtEnd(this.#host.output.media, this.#run);
    }
    this.#recovery.fail(error, false);
  }

  /** Loads the source again in the same element, and restores its position and whether it was playing. */
  #restart(): void {
    const position = this.position();
    this.#run.stop();
    this.tokens.resume();
    this.#run = this.#createRun();
    if (this.#recovery.begin()) this.#host.onError(null);
    this.#begin(position);
  }

  readonly #onBegun = (): void => this.#begun.resolve(true);

  readonly #onReport = (report: EngineReport): void => {
    this.onEngineReport?.(report);
    routeReport(report, this.#host, this.#recovery, this.tokens, this.#onBegun);
  };

  /** Retries a pending or failed load at once, because the page or the network is back. */
  readonly #wake = (reason: WakeReason): void => {
    const { log, output } = this.#host;
    log.add('wake', { state: this.state, reason });
    if (this.#recovery.hurry() || this.#recovery.isFinal) return;
    // While offline, the engine's retry intervals have become long. The buffer may run out before the next retry.
    const isDue = output.media.paused ? awaitsAutoplay : isStandingStill;
    if (isDue(output) || (reason === 'online' && !output.media.paused)) this.engine?.recover();
  };

  toJSON(): Record<string, unknown> {
    return describePlayback(this);
  }
}
