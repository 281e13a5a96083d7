import type { LivePublisher, MediaSink } from '../media-packet.js';
import { StreamRelay } from './stream-relay.js';

export interface RelayRegistryOptions {
  /**
   * Time in ms that viewers stay connected after the publisher was lost.
   * @defaultValue 120000
   */
  readonly returnLimitMs?: number;
  /**
   * Time in ms that viewers stay connected after the publisher has ended its session: long enough for one that starts again
   * with other settings.
   * @defaultValue 10000
   */
  readonly afterlifeMs?: number;
  /** Called when a stream has ended: its publisher has left and did not return in time. */
  readonly onEnded: (stream: string) => void;
}

interface Entry {
  readonly relay: StreamRelay;
  timer: NodeJS.Timeout | undefined;
}

/** Keeps the relay of each stream while it has a publisher, and for a limited time after that. */
export class RelayRegistry {
  readonly #options: RelayRegistryOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: RelayRegistryOptions) {
    this.#options = options;
  }

  find(stream: string): StreamRelay | undefined {
    return this.#entries.get(stream)?.relay;
  }

  publish(publisher: LivePublisher): MediaSink {
    const { stream } = publisher;
    const entry: Entry = this.#entries.get(stream) ?? { relay: new StreamRelay(), timer: undefined };
    clearTimeout(entry.timer);
    this.#entries.set(stream, entry);
    const sink = entry.relay.publish(publisher);
    return {
      ...sink,
      onEnd: (mayReturn) => {
        const isPresent = entry.relay.publisher === publisher;
        sink.onEnd(mayReturn);
        if (isPresent) this.#expire(stream, entry, mayReturn);
      },
    };
  }

  /** Removes all relays, without notice to viewers. */
  close(): void {
    for (const { timer } of this.#entries.values()) clearTimeout(timer);
    this.#entries.clear();
  }

  #expire(stream: string, entry: Entry, mayReturn: boolean): void {
    const { returnLimitMs = 120_000, afterlifeMs = 10_000, onEnded } = this.#options;
    clearTimeout(entry.timer);
    entry.timer = setTimeout(
      () => {
        if (this.#entries.get(stream) === entry) this.#entries.delete(stream);
        onEnded(stream);
      },
      mayReturn ? returnLimitMs : afterlifeMs,
    );
    entry.timer.unref();
  }
}
