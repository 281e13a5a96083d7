import type { SecurityObject } from '@gatecast/token';
import type { UpdateStatus } from '../element/player-events.js';
import { compareSources } from '../source/compare-sources.js';
import type { PlayerSource, ResolvedSource } from '../source/player-source.js';
import { resolveSource } from '../source/resolve-source.js';
import { Playback, type PlaybackHost, type PlaybackOptions } from './playback.js';

/** What an element says of how to play, apart from what. */
export type PlayerSettings = Omit<PlaybackOptions, 'source'>;

export interface PlayerCoreHost extends PlaybackHost {
  /** How to play, asked anew for each load. @throws TypeError, GatecastError for what cannot be read. */
  settings(source: PlayerSource): PlayerSettings;
  onSourceUpdated(status: UpdateStatus, changed: readonly string[]): void;
}

export interface UpdateOptions {
  signal?: AbortSignal;
}

interface Update {
  /** Ends the preparation of a source that is not wanted any more. */
  readonly controller: AbortController;
}

/** What plays, and the change from one source to the next. */
export class PlayerCore {
  readonly #host: PlayerCoreHost;
  #playback: Playback | null = null;
  #update: Update | null = null;

  constructor(host: PlayerCoreHost) {
    this.#host = host;
  }

  get playback(): Playback | null {
    return this.#playback;
  }

  /** Plays a source from its beginning, in place of what plays. @throws GatecastError, TypeError for bad input. */
  load(source: PlayerSource): void {
    this.unload();
    this.#playback = this.#create(source);
    this.#playback.start();
  }

  unload(): void {
    this.#update?.controller.abort();
    this.#update = null;
    this.#playback?.stop();
    this.#playback = null;
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
    this.#update?.controller.abort();
    const update = (this.#update = { controller: new AbortController() });
    const stop = (): void => {
      update.controller.abort();
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      return await this.#change(source, update, signal);
    } finally {
      signal?.removeEventListener('abort', stop);
      if (this.#update === update) this.#update = null;
    }
  }

  async #change(
    source: PlayerSource,
    update: Update,
    signal: AbortSignal | undefined,
  ): Promise<{ status: UpdateStatus }> {
    const current = this.#playback;
    if (!current || current.state === 'failed') {
      this.load(source);
      return this.#settle('updated', ['entries']);
    }
    const resolved = resolveSource(source, document.baseURI);
    const difference = compareSources(current.source, resolved);
    switch (difference.kind) {
      case 'none':
        return this.#settle('unchanged', []);
      case 'security':
        this.#swapTokens(current, resolved, difference.tokens);
        return this.#settle('updated', ['security']);
      case 'switch': {
        const isDone = await this.#switch(current, source, update.controller.signal);
        if (isDone) return this.#settle('updated', difference.changed);
        signal?.throwIfAborted();
        return this.#settle('superseded', difference.changed);
      }
    }
  }

  /** Fresh tokens are used from the next request on; nothing else happens. */
  #swapTokens(current: Playback, next: ResolvedSource, tokens: ReadonlyMap<string, SecurityObject>): void {
    for (const [stream, security] of tokens) current.seedStream(stream, security);
    current.source = next;
  }

  /**
   * The next source is made ready while the old one plays, and takes its place only then; when it fails after that,
   * the old one comes back. Resolves with false when it was superseded.
   */
  async #switch(current: Playback, source: PlayerSource, signal: AbortSignal): Promise<boolean> {
    const next = this.#create(source);
    try {
      await next.prepare(signal);
      if (signal.aborted || this.#playback !== current) {
        next.stop();
        return false;
      }
    } catch (error) {
      next.stop();
      if (signal.aborted) return false;
      throw error;
    }
    const position = current.position();
    current.stop();
    this.#playback = next;
    next.start(position);
    try {
      await next.begun;
      return true;
    } catch (error) {
      if (this.#playback !== next) return false;
      next.stop();
      this.#playback = this.#create(current.source.raw);
      this.#playback.start(position);
      throw error;
    }
  }

  #create(source: PlayerSource): Playback {
    const resolved = resolveSource(source, document.baseURI);
    for (const warning of resolved.warnings) this.#host.log.add('warning', { warning });
    return new Playback(this.#host, { ...this.#host.settings(source), source: resolved });
  }

  #settle(status: UpdateStatus, changed: readonly string[]): { status: UpdateStatus } {
    this.#host.onSourceUpdated(status, changed);
    return { status };
  }
}
