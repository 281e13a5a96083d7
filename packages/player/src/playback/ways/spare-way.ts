import { after } from './after.js';
import { isUnsure } from './prepared-media.js';
import type { WayKeeperOptions, WayPlayback } from './way-host.js';
import { askDelayMs } from './way-limits.js';

/** A playback that is to take the place of the current one. */
interface Spare {
  readonly playback: WayPlayback;
  /** Has it found what it plays? */
  readonly isReady: Promise<boolean>;
  hasFailed: boolean;
}

/** The next engine of a source, which is prepared beside the one that plays. */
export class SpareWay {
  readonly #options: WayKeeperOptions;
  #spare: Spare | null = null;

  constructor(options: WayKeeperOptions) {
    this.#options = options;
  }

  /** Has it turned out to have nothing to play? */
  get hasFailed(): boolean {
    return this.#spare?.hasFailed ?? false;
  }

  /** Sends its first requests. Resolves with whether it has found what it plays. */
  async prepare(current: WayPlayback): Promise<boolean> {
    const spare = (this.#spare ??= this.#begin(current));
    return (await spare?.isReady) ?? false;
  }

  /** Asks it again and again, until it is ready. */
  async ask(current: WayPlayback, signal: AbortSignal, onReady: () => void, asked = 0): Promise<void> {
    const { page, clock, random } = this.#options;
    const isReady = await this.prepare(current);
    if (signal.aborted) return;
    if (isReady) {
      onReady();
      return;
    }
    this.drop();
    const again = (): void => void this.ask(current, signal, onReady, asked + 1);
    after(clock, askDelayMs(asked, random()), signal, () => {
      if (!page.isHidden() && !page.isOffline()) {
        again();
        return;
      }
      const stop = clock.onWake(() => {
        stop();
        again();
      });
      signal.addEventListener('abort', stop, { once: true });
    });
  }

  /** Keeps one that has been prepared elsewhere, for the next {@link take}. */
  put(playback: WayPlayback): void {
    this.drop();
    this.#spare = { playback, isReady: Promise.resolve(true), hasFailed: false };
  }

  /** Returns it for use in place of the current one, prepared or not; `null` after the last engine. */
  take(current: WayPlayback): WayPlayback | null {
    if (this.hasFailed) this.drop();
    const spare = this.#spare;
    this.#spare = null;
    return spare?.playback ?? this.#create(current);
  }

  drop(): void {
    this.#spare?.playback.stop();
    this.#spare = null;
  }

  #begin(current: WayPlayback): Spare | null {
    const playback = this.#create(current);
    if (!playback) return null;
    // It outlives this stage if it plays. Otherwise, it is stopped.
    const isReady = playback
      .prepare(new AbortController().signal)
      .then(
        (media) => !isUnsure(media),
        () => false,
      )
      .then((isThere) => {
        spare.hasFailed = !isThere;
        return isThere;
      });
    const spare: Spare = { playback, isReady, hasFailed: false };
    return spare;
  }

  #create(current: WayPlayback): WayPlayback | null {
    const way = current.ways.indexOf(current.engineName) + 1;
    return way < current.ways.length ? this.#options.host.create(current.source, way) : null;
  }
}
