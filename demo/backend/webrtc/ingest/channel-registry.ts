import { LiveChannel } from './live-channel.js';

export interface ChannelRegistryOptions {
  /**
   * Time in ms that a playlist stays open after its publisher was lost. Players do not continue after
   * `EXT-X-ENDLIST`, so the default is as long as `<secure-webcaster>` retries by default.
   * @defaultValue 120000
   */
  readonly returnLimitMs?: number;
  /**
   * Time in ms that an ended playlist is still served.
   * @defaultValue 30000
   */
  readonly afterlifeMs?: number;
}

interface Entry {
  readonly channel: LiveChannel;
  timer: NodeJS.Timeout | undefined;
}

/** Keeps the channel of each stream while it has a publisher, and for a limited time after that. */
export class ChannelRegistry {
  readonly #returnLimitMs: number;
  readonly #afterlifeMs: number;
  readonly #entries = new Map<string, Entry>();

  constructor(options: ChannelRegistryOptions = {}) {
    this.#returnLimitMs = options.returnLimitMs ?? 120_000;
    this.#afterlifeMs = options.afterlifeMs ?? 30_000;
  }

  liveStream(name: string): LiveChannel | undefined {
    return this.#entries.get(name)?.channel;
  }

  /** Returns the channel for a publisher: the present one of the stream, so that players can continue, or a new one. */
  acquire(name: string): LiveChannel {
    const entry = this.#entries.get(name) ?? { channel: new LiveChannel(name), timer: undefined };
    clearTimeout(entry.timer);
    this.#entries.set(name, entry);
    return entry.channel;
  }

  /** Call it when a publisher has left. With `mayReturn` the playlist stays open for `returnLimitMs`. */
  release(name: string, mayReturn: boolean): void {
    const entry = this.#entries.get(name);
    if (!entry) return;
    // Without media there is nothing that a player could continue.
    if (!entry.channel.hasMedia || !mayReturn) this.#end(name, entry);
    else
      this.#schedule(entry, this.#returnLimitMs, () => {
        this.#end(name, entry);
      });
  }

  /** Ends and removes all channels. */
  close(): void {
    for (const { channel, timer } of this.#entries.values()) {
      clearTimeout(timer);
      channel.end();
    }
    this.#entries.clear();
  }

  #end(name: string, entry: Entry): void {
    entry.channel.end();
    if (!entry.channel.hasMedia) this.#entries.delete(name);
    else this.#schedule(entry, this.#afterlifeMs, () => this.#entries.delete(name));
  }

  #schedule(entry: Entry, delayMs: number, run: () => void): void {
    clearTimeout(entry.timer);
    entry.timer = setTimeout(run, delayMs);
    entry.timer.unref();
  }
}
