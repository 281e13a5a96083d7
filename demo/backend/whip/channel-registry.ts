import { LiveChannel } from './live-channel.js';

export interface ChannelRegistryOptions {
  /**
   * How long a playlist stays open for a publisher that was lost and may come back. Players take an end for
   * final, so it is as long as `<secure-webcaster>` keeps trying by default.
   * @defaultValue 120000
   */
  readonly returnLimitMs?: number;
  /**
   * How long an ended playlist can still be read.
   * @defaultValue 30000
   */
  readonly afterlifeMs?: number;
}

interface Entry {
  readonly channel: LiveChannel;
  timer: NodeJS.Timeout | undefined;
}

/** Keeps each stream's channel from its first publisher until a while after its last. */
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

  /** The channel a publisher fills: the one players already watch, if there is one. */
  acquire(name: string): LiveChannel {
    const entry = this.#entries.get(name) ?? { channel: new LiveChannel(name), timer: undefined };
    clearTimeout(entry.timer);
    this.#entries.set(name, entry);
    return entry.channel;
  }

  /** Called when a publisher has gone; `mayReturn` leaves the playlist open for a while. */
  release(name: string, mayReturn: boolean): void {
    const entry = this.#entries.get(name);
    if (!entry) return;
    // A session that never sent anything leaves nothing to watch.
    if (!entry.channel.hasMedia || !mayReturn) this.#end(name, entry);
    else
      this.#schedule(entry, this.#returnLimitMs, () => {
        this.#end(name, entry);
      });
  }

  /** Ends and forgets everything. */
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
