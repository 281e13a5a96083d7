/** The part of `localStorage` that is used. */
export type RememberedStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** What a viewer has set. */
export interface RememberedVolume {
  /** 0 to 1. */
  readonly volume: number;
  readonly muted: boolean;
}

const POSITIONS_KEY = 'gatecast-positions';
const VOLUME_KEY = 'gatecast-volume';
/** The streams that were played last; older ones are forgotten. */
const MOST_STREAMS = 50;
const LIFE_MS = 90 * 24 * 3_600_000;
/** Longer names are not kept, so that the storage of the page stays small. */
const LONGEST_NAME = 200;
/** A viewer who has seen less than this, in seconds, starts from the beginning. */
const LEAST_S = 5;
/** This near the end, in seconds, or as a part of the whole, a recording counts as seen. */
const END_S = 15;
const END_PART = 0.05;

/** Stream, seconds of media time, milliseconds since the epoch. The last one was written last. */
type Position = readonly [stream: string, timeS: number, savedAtMs: number];

/** What players of this origin remember. Storage that is refused, full or damaged remembers nothing. */
export class Remembered {
  readonly #storage: RememberedStorage;
  readonly #now: () => number;

  /** @param now - milliseconds since the epoch. */
  constructor(storage: RememberedStorage, now: () => number = Date.now) {
    this.#storage = storage;
    this.#now = now;
  }

  /** Seconds of media time at which a recording was left; `null` if there is none. */
  position(stream: string): number | null {
    return this.#positions().find(([name]) => name === stream)?.[1] ?? null;
  }

  /** Remembers where a recording is. One that is nearly seen is forgotten, so that it begins again. */
  setPosition(stream: string, timeS: number, durationS: number): void {
    if (!(timeS >= LEAST_S) || !Number.isFinite(durationS) || stream.length > LONGEST_NAME) return;
    const isSeen = timeS > durationS - Math.min(END_S, durationS * END_PART);
    const others = this.#positions().filter(([name]) => name !== stream);
    const position: Position = [stream, Math.round(timeS * 10) / 10, this.#now()];
    this.#write(POSITIONS_KEY, isSeen ? others : [...others, position].slice(-MOST_STREAMS));
  }

  volume(): RememberedVolume | null {
    const found = this.#read(VOLUME_KEY);
    if (typeof found !== 'object' || found === null) return null;
    const { volume, muted } = found as Partial<Record<'volume' | 'muted', unknown>>;
    if (typeof volume !== 'number' || !(volume >= 0 && volume <= 1)) return null;
    return { volume, muted: muted === true };
  }

  setVolume({ volume, muted }: RememberedVolume): void {
    this.#write(VOLUME_KEY, { volume, muted });
  }

  #positions(): Position[] {
    const found = this.#read(POSITIONS_KEY);
    const oldestMs = this.#now() - LIFE_MS;
    return Array.isArray(found)
      ? found
          .filter(isPosition)
          .filter(([, , savedAtMs]) => savedAtMs > oldestMs)
          .slice(-MOST_STREAMS)
      : [];
  }

  #read(key: string): unknown {
    try {
      return JSON.parse(this.#storage.getItem(key) ?? 'null');
    } catch {
      return null;
    }
  }

  #write(key: string, value: unknown): void {
    try {
      this.#storage.setItem(key, JSON.stringify(value));
    } catch {
      // It is full, or the browser refuses it.
    }
  }
}

function isPosition(value: unknown): value is Position {
  const [stream, timeS, savedAtMs] = Array.isArray(value) ? (value as unknown[]) : [];
  return typeof stream === 'string' && Number.isFinite(timeS) && Number.isFinite(savedAtMs);
}
