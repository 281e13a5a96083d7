import { deferred } from '@gatecast/element';
import { GatecastError } from '@gatecast/token';
import type { EngineReport, PreparedMedia } from '@gatecast/player/internal/engine/engine';
import { playableSource } from '@gatecast/player/internal/engine/registry';
import type { EngineChangeReason } from '@gatecast/player/internal/playback/ways/engine-changed-event';
import { WayKeeper } from '@gatecast/player/internal/playback/ways/way-keeper';
import type { WayHost, WayPlayback } from '@gatecast/player/internal/playback/ways/way-host';
import type { PlaybackPosition } from '@gatecast/player/internal/media/playback-position';
import type { PlayerSource } from '@gatecast/player/internal/source/player-source';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';
import { FakeClock, settle } from '../../support/fake-clock.js';

const WAYS = ['whep', 'hls'] as const;

export const refused = new GatecastError('source-failed', 'The WHEP server refused the request (HTTP 503).', {
  hint: '',
  status: 503,
  retryable: true,
});

/** The tokens of a playback, which counts what reaches the backend. */
export class FakeTokens {
  streams: ReadonlySet<string> = new Set(['a']);
  refusals = 0;

  setStreams(streams: Iterable<string>): void {
    this.streams = new Set(streams);
  }

  rejected(): Promise<never> {
    this.refusals += 1;
    return Promise.reject(refused);
  }
}

/** A playback that does what a test says. */
export class FakePlayback implements WayPlayback {
  readonly ways = WAYS;
  readonly engineName: (typeof WAYS)[number];
  readonly #begun = deferred<true>();
  readonly #prepared = deferred<PreparedMedia | undefined>();
  readonly source;
  state: WayPlayback['state'] = 'starting';
  isOnTrial = false;
  isSoundEnough = false;
  retries = 0;
  onEngineReport: ((report: EngineReport) => void) | null = null;
  isStarted = false;
  startedAt: PlaybackPosition | null = null;
  isStopped = false;
  isPrepared = false;
  hasTokens = Promise.resolve();
  hasCode = Promise.resolve();
  readonly tokens = new FakeTokens();
  behindLive = 0;
  engine: { livePosition: number | null } | null = null;
  readonly #world: WayWorld;

  constructor(world: WayWorld, source: WayPlayback['source'], way: number) {
    this.#world = world;
    this.source = source;
    this.engineName = WAYS[way] ?? 'hls';
  }

  get begun(): Promise<unknown> {
    return this.#begun.promise;
  }

  position() {
    return { wasPlaying: !this.#world.media.paused, time: null, behindLive: this.behindLive };
  }

  get entries() {
    return playableSource(this.engineName, this.source).entries;
  }

  readyToPlay(): Promise<void> {
    return this.hasCode;
  }

  haveTokens(): Promise<void> {
    return this.hasTokens;
  }

  prepare(): Promise<PreparedMedia | undefined> {
    this.isPrepared = true;
    return this.#prepared.promise;
  }

  start(position: PlaybackPosition | null = null): void {
    this.startedAt = position;
    this.isStarted = true;
  }

  stop(): void {
    this.isStopped = true;
    this.#begun.reject(new DOMException('stopped', 'AbortError'));
  }

  /** @param media - what its playlists tell */
  async ready(media?: PreparedMedia): Promise<void> {
    this.#prepared.resolve(media);
    await settle();
  }

  endTrial(): void {
    this.isOnTrial = false;
    this.retries += 1;
  }

  async begin(): Promise<void> {
    this.state = 'playing';
    this.#begun.resolve(true);
    await settle();
  }

  async fail(error: GatecastError = refused): Promise<void> {
    this.state = 'failed';
    this.#prepared.reject(error);
    this.#begun.reject(error);
    await settle();
  }

  async report(report: EngineReport): Promise<void> {
    this.onEngineReport?.(report);
    await settle();
  }
}

/** A player with WHEP and HLS, whose browser, network and clock a test controls. */
export class WayWorld implements WayHost {
  readonly time = new FakeClock();
  readonly created: FakePlayback[] = [];
  readonly changes: string[] = [];
  readonly errors: (string | null)[] = [];
  readonly notes: string[] = [];
  readonly media = Object.assign(new EventTarget(), { paused: false, playbackRate: 1 });
  readonly life = new AbortController();
  playback: FakePlayback;
  /** Paused, because there is no data: it plays by itself. */
  awaitsAutoplay = false;
  /** Has what plays a picture? */
  isSeen = false;
  isHidden = false;
  isOffline = false;
  #onNetworkChange: (() => void) | null = null;

  constructor(way = 0, given: PlayerSource = { hls: '/live/a.m3u8', whep: '/whep/a' }) {
    const source = resolveSource(given, 'https://page.example/');
    this.playback = this.create(source, way);
    this.playback.isOnTrial = way === 0;
    this.playback.start();
  }

  /** @param reason - why an engine plays after a change of the source; `null`: as before it */
  keep(reason?: EngineChangeReason | null): void {
    new WayKeeper({
      host: this,
      clock: this.time.clock,
      random: () => 1,
      signal: this.life.signal,
      page: {
        isHidden: () => this.isHidden,
        isOffline: () => this.isOffline,
        onNetworkChange: (callback, signal) => {
          this.#onNetworkChange = callback;
          signal.addEventListener('abort', () => (this.#onNetworkChange = null));
        },
      },
    }).start(reason);
  }

  /** The playback that was created last. */
  get last(): FakePlayback {
    return this.created[this.created.length - 1] ?? this.playback;
  }

  /** Those that run or are prepared. */
  get alive(): FakePlayback[] {
    return this.created.filter(({ isStopped }) => !isStopped);
  }

  isWanted(): boolean {
    return !this.media.paused || this.awaitsAutoplay;
  }

  hasPicture(): boolean {
    return this.isSeen;
  }

  create(source: WayPlayback['source'], way: number): FakePlayback {
    const playback = new FakePlayback(this, source, way);
    this.created.push(playback);
    return playback;
  }

  replace(next: WayPlayback): void {
    if (next instanceof FakePlayback) this.playback = next;
  }

  onError(error: GatecastError | null): void {
    this.errors.push(error?.code ?? null);
  }

  onEngine(engine: string, reason: string): void {
    this.changes.push(`${engine}: ${reason}`);
  }

  note(name: string): void {
    this.notes.push(name);
  }

  async networkChange(): Promise<void> {
    this.#onNetworkChange?.();
    await settle();
  }

  async play(): Promise<void> {
    this.media.paused = false;
    this.media.dispatchEvent(new Event('play'));
    await settle();
  }

  /** WHEP is blocked, and HLS plays. */
  async playHls(): Promise<void> {
    this.keep();
    await this.time.advance(1300);
    await this.last.ready();
    await this.last.begin();
  }
}
