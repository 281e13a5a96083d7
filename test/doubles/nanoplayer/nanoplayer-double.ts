import type { ClientVersion } from './client-version.js';
import { Playback } from './playback.js';
import type { PlayerConfig, PlayerSource } from './player-config.js';
import { PlayerEvents } from './player-events.js';
import { resolveSource, SourceRefusal, type ResolvedSource } from './resolve-source.js';

/** The script looks at its host this long after `setup` was called, and settles `setup` then. Seen: 5.0.8. */
const layoutMs = 150;
/** Time that `updateSource` takes to settle; the outcome is not known then. Seen: 5.0.8. */
const updateSettlesMs = 5;

/**
 * A double of the vendor's player, for tests only, without any of the vendor's code. It copies behaviour that was observed,
 * including its quirks and errors; each comment names the version in which it was seen, or says that it is only documented.
 * Its server is socket-server.ts.
 *
 * @see https://docs.nanocosmos.de/docs/nanoplayer/nanoplayer_api
 */
export abstract class NanoPlayerDouble {
  /** The newest instance, for tests. The real client has no such member. */
  static last: NanoPlayerDouble | null = null;
  readonly type = 'h5live';
  /** Every source passed to it, for tests. */
  readonly sources: PlayerSource[] = [];
  readonly #version: ClientVersion;
  readonly #host: HTMLElement | null;
  readonly #events: PlayerEvents;
  #config: PlayerConfig | null = null;
  #playback: Playback | null = null;
  #isDestroyed = false;

  constructor(elementId: string, version: ClientVersion) {
    // Searched by id in the document, so an element in a shadow tree is not found. Seen: 5.0.8, 4.31.1.
    this.#host = document.getElementById(elementId);
    this.#version = version;
    this.#events = new PlayerEvents(elementId, version.number);
    NanoPlayerDouble.last = this;
  }

  get version(): string {
    return this.#version.number;
  }

  /** Resolves with a copy of the configuration, with the entries that were found for a group. */
  async setup(config: PlayerConfig): Promise<object> {
    if (this.#isDestroyed) return neverSettled();
    // A second setup ends the first one. Seen: 5.0.8.
    this.#playback?.tearDown();
    this.#playback = null;
    // Without `playback` this is a bare TypeError, as in the real client. Seen: 5.0.8.
    const { autoplay = true } = config.playback;
    this.#config = config;
    this.#events.listen(config.events);
    const source = await this.#resolve(config.source);
    const host = this.#host;
    if (!host) throw this.#refuse(new SourceRefusal(5001, 'There is no such element.'));
    await laidOut(host);
    if (this.#isOver()) return neverSettled();
    this.sources.push(copyOf(config.source));
    const playback = (this.#playback = new Playback(
      host,
      this.#version,
      this.#events,
      source,
      config.playback,
    ));
    playback.reconnection.configure(config.playback.reconnect);
    playback.probe();
    // The entries of a group are in the copy. Documentation only (the vendor's demo page reads them there).
    const resolved = {
      ...copyOf(config),
      source: { ...copyOf(config.source), entries: copyOf(source.entries) },
    };
    this.#events.fire('Ready', { config: resolved });
    if (autoplay && source.isLive) setTimeout(() => this.play(), 0);
    // A bintu stream that is not live. Documentation only (release notes of 4.18).
    else if (!source.isLive) this.#events.fail(2004, 'sourcestreamstopped');
    return resolved;
  }

  async updateSource(given: PlayerSource): Promise<object> {
    const [playback, config] = [this.#playback, this.#config];
    if (!playback || !config || this.#isDestroyed) return neverSettled();
    const { changes } = playback;
    const isTooSoon = changes.isTooSoon();
    const isEqual = JSON.stringify(given) === JSON.stringify(playback.source.given);
    changes.countForFrequency();
    // A group is looked up again by each update, and starts with its lowest rendition. Seen: 5.0.8.
    const source = await this.#resolve(given);
    const entry = source.entries[source.startIndex];
    if (!entry || this.#playback !== playback) return neverSettled();
    const change = changes.begin('update', entry, source);
    changes.tell(change, 'Init');
    if (isTooSoon || isEqual) {
      setTimeout(() => changes.tell(change, 'Abort', { reason: isTooSoon ? 'frequency' : 'equalsource' }));
    } else {
      this.sources.push(copyOf(given));
      // True by default, so a paused player starts to play. Seen: 5.0.8.
      const isForced = given.options?.switch?.forcePlay ?? true;
      setTimeout(() => {
        if (this.#playback === playback) playback.change(change, isForced);
      });
    }
    await new Promise((resolve) => setTimeout(resolve, updateSettlesMs));
    return { ...copyOf(config), source: copyOf(given) };
  }

  /** Documentation only. */
  async switchStream(index: number): Promise<object> {
    const playback = this.#playback;
    const entry = playback?.source.entries[index];
    if (!playback || !entry) return neverSettled();
    const { changes } = playback;
    const change = changes.begin('direct', entry, playback.source);
    changes.tell(change, 'Init');
    if (changes.isTooSoon()) changes.tell(change, 'Abort', { reason: 'frequency' });
    else playback.change(change, true);
    changes.countForFrequency();
    return copyOf(this.#config ?? {});
  }

  play(): void {
    this.#playback?.play();
  }

  pause(): void {
    this.#playback?.pause('normal');
  }

  mute(): void {
    this.#playback?.setMuted(true);
  }

  unmute(): void {
    this.#playback?.setMuted(false);
  }

  setVolume(volume: number): void {
    this.#playback?.setVolume(volume);
  }

  destroy(): void {
    this.#events.fire('Pause', { reason: 'destroy' });
    this.#playback?.tearDown();
    this.#playback = null;
    this.#isDestroyed = true;
    this.#events.fire('Destroy', {});
    this.#events.stop();
  }

  /** Switches as the client's adaption rule does when the network changes. Called by tests. */
  adaptTo(index: number): void {
    this.#playback?.adapt(index);
  }

  /** A call, so that the compiler does not take the value of before an `await` for granted. */
  #isOver(): boolean {
    return this.#isDestroyed;
  }

  async #resolve(source: PlayerSource): Promise<ResolvedSource> {
    try {
      return await resolveSource(source, this.#version);
    } catch (error) {
      throw error instanceof SourceRefusal ? this.#refuse(error) : error;
    }
  }

  /** A refusal is reported by the event and by the promise. Seen: 5.0.8. */
  #refuse(refusal: SourceRefusal): SourceRefusal {
    this.#events.fire('Error', { code: refusal.code, message: refusal.message });
    return refusal;
  }
}

/** An element that was removed by then makes the script throw, in a callback of its own. Seen: 5.0.8. */
function laidOut(host: HTMLElement): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => {
      // Settled first: the error is not one of the promise.
      resolve();
      if (!host.parentElement) throw new TypeError('The parent of the player’s element is null.');
    }, layoutMs);
  });
}

/** Before `setup` and after `destroy` no call settles. Seen: 5.0.8. */
function neverSettled(): Promise<never> {
  return new Promise(() => undefined);
}

function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
