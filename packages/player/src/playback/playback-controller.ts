import type { PlayerSource, ResolvedSource } from '../source/player-source.js';
import { resolveSource } from '../source/resolve-source.js';
import type { SourceChangeHost, UpdateStatus } from './change-source.js';
import type { PlaybackHost, PlaybackOptions } from './playback-host.js';
import { Playback } from './playback.js';

/** What an element says of how to play, apart from what. */
export type PlayerSettings = Omit<PlaybackOptions, 'source'>;

export interface PlayerCoreHost extends PlaybackHost {
  /** How to play a source. @throws TypeError, GatecastError for an option that cannot be read. */
  settings(source: ResolvedSource): PlayerSettings;
  onSourceUpdated(status: UpdateStatus, changed: readonly string[]): void;
}

export interface UpdateOptions {
  signal?: AbortSignal;
}

/** What plays, and the change from one source to the next. */
export class PlaybackController implements SourceChangeHost {
  readonly #host: PlayerCoreHost;
  #playback: Playback | null = null;
  /** Ends the preparation of a source that is not wanted any more. */
  #update: AbortController | null = null;

  constructor(host: PlayerCoreHost) {
    this.#host = host;
  }

  get playback(): Playback | null {
    return this.#playback;
  }

  /** Plays a source from its beginning, in place of what plays. @throws GatecastError, TypeError for bad input. */
  load(source: PlayerSource): void {
    this.#playback?.stop();
    this.#playback = null;
    this.#playback = this.create(resolveSource(source, document.baseURI));
    this.#playback.start();
  }

  unload(): void {
    this.#update?.abort();
    this.#playback?.stop();
    this.#playback = null;
  }

  create(source: ResolvedSource): Playback {
    for (const warning of source.warnings) this.#host.log.add('warning', { warning });
    return new Playback(this.#host, { ...this.#host.settings(source), source });
  }

  isProtected(source: ResolvedSource): boolean {
    return this.#host.settings(source).isProtected;
  }

  replace(next: Playback): void {
    this.#playback = next;
  }

  /**
   * Changes the source while it plays; settles when the outcome is known. A call supersedes the one before it.
   *
   * @throws GatecastError why the next source cannot be played; the old one plays on.
   */
  async updateSource(
    source: PlayerSource,
    { signal }: UpdateOptions = {},
  ): Promise<{ status: UpdateStatus }> {
    signal?.throwIfAborted();
    this.#update?.abort();
    const update = (this.#update = new AbortController());
    const stop = (): void => {
      update.abort();
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      // Most pages never call it, so it is not part of what every page waits for.
      const { changeSource } = await import('./change-source.js');
      const { status, changed } = update.signal.aborted
        ? { status: 'superseded' as const, changed: [] }
        : await changeSource(this, source, update.signal);
      signal?.throwIfAborted();
      this.#host.onSourceUpdated(status, changed);
      return { status };
    } finally {
      signal?.removeEventListener('abort', stop);
      if (this.#update === update) this.#update = null;
    }
  }
}
