import { lazyPart } from '@gatecast/token';
import type { PlayerSource, ResolvedSource } from '../source/player-source.js';
import { resolveSource } from '../source/resolve-source.js';
import type { SourceChangeHost, UpdateStatus } from './change-source.js';
import type { PlaybackHost, PlaybackOptions, WayOptions } from './playback-host.js';
import type { EngineChangeReason } from './ways/engine-changed-event.js';
import { Playback } from './playback.js';

/** Most pages never change the source. */
const changePart = lazyPart('changeSource', async () => (await import('./change-source.js')).changeSource);
/** Most sources can be played by one engine only. */
const waysPart = lazyPart('keepWays', async () => (await import('./ways/keep-ways.js')).keepWays);

/** The playback options that an element sets, without the source. */
export type PlayerSettings = Omit<PlaybackOptions, 'source'>;

export interface PlayerCoreHost extends PlaybackHost {
  /** Returns the options for a source. @throws TypeError, GatecastError for an invalid option. */
  settings(source: ResolvedSource): PlayerSettings;
  onSourceUpdated(status: UpdateStatus, changed: readonly string[]): void;
}

export interface UpdateOptions {
  signal?: AbortSignal;
}

/** Holds the current playback and changes its source. */
export class PlaybackController implements SourceChangeHost {
  readonly #host: PlayerCoreHost;
  /** What plays now. Only this class and what changes engine or source set it. */
  playback: Playback | null = null;
  /** Aborts a source change that a newer one supersedes. */
  #update: AbortController | null = null;
  /** Aborts what decides which engine plays. */
  #ways: AbortController | null = null;

  constructor(host: PlayerCoreHost) {
    this.#host = host;
  }

  /** Replaces the current playback with a new one. @throws GatecastError, TypeError for invalid input. */
  load(source: PlayerSource): void {
    this.playback?.stop();
    this.playback = null;
    this.playback = this.create(resolveSource(source, document.baseURI));
    this.#host.onError(null);
    this.keepWays();
    this.playback.start();
  }

  unload(): void {
    this.#update?.abort();
    this.#ways?.abort();
    this.playback?.stop();
    this.playback = null;
  }

  create(source: ResolvedSource, more?: WayOptions): Playback {
    for (const warning of source.warnings) this.#host.log.add('warning', { warning });
    return new Playback(this.#host, { ...this.#host.settings(source), source, ...more });
  }

  settings(source: ResolvedSource): PlayerSettings {
    return this.#host.settings(source);
  }

  replace(next: Playback): void {
    this.#ways?.abort();
    this.playback = next;
  }

  /** Where several engines can play the source, another one plays if the first gets no media. */
  keepWays(reason?: EngineChangeReason | null): void {
    this.#ways?.abort();
    const { playback } = this;
    if (!playback?.ways[1]) return;
    const { signal } = (this.#ways = new AbortController());
    playback.isOnTrial = true;
    // Without this code, it plays as if it were the only engine.
    const onFailure = (): void => playback.endTrial();
    waysPart({ signal, log: this.#host.log, onFailure }).then(
      (keepWays) => keepWays(this, this.#host, signal, reason),
      () => undefined,
    );
  }

  /**
   * Changes the source while it plays. Settles when the change has succeeded or failed. A new call supersedes the last.
   *
   * @throws GatecastError when the next source cannot be played; the old one continues.
   */
  async updateSource(
    source: PlayerSource,
    { signal }: UpdateOptions = {},
  ): Promise<{ status: UpdateStatus }> {
    signal?.throwIfAborted();
    this.#update?.abort();
    const update = (this.#update = new AbortController());
    const changeSource = await changePart({ log: this.#host.log, tries: 3 });
    const { status, changed } = await changeSource(this, source, update.signal, signal);
    this.#host.onSourceUpdated(status, changed);
    return { status };
  }
}
