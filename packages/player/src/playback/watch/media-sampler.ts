import { systemClock, type Cancel, type Clock } from '@gatecast/token';

type TimedMedia = Pick<HTMLMediaElement, 'currentTime'>;

/** The state of playback at one moment, compared with the previous sample. */
export interface MediaSample {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** Change of media time since the previous sample, in seconds; negative after a seek back. */
  readonly movedByS: number;
  /**
   * The sample was delayed by sleep, a frozen page or a throttled tab. Unchanged media time does not mean that the
   * media engine has stalled.
   */
  readonly isLate: boolean;
}

/** The samples of the media element of one playback. */
export interface MediaSamples<Media> {
  /** The current media element. */
  readonly media: Media;
  readonly clock: Clock;
  /** Aborts when the sampling ends. */
  readonly signal: AbortSignal;
  /** Calls back with each sample, until the sampling ends. */
  onSample(listener: (sample: MediaSample) => void): void;
}

export interface MediaSamplerOptions<Media> {
  /** Called for each sample, because a vendor's player may replace its media element. */
  readonly media: () => Media;
  /** Ends the sampling. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

const PERIOD_MS = 1000;
const LATE_MS = 3 * PERIOD_MS;

/** Samples a media element once a second, with one timer for all listeners. */
export class MediaSampler<Media extends TimedMedia> implements MediaSamples<Media> {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly #media: () => Media;
  readonly #listeners: ((sample: MediaSample) => void)[] = [];
  #lastTime: number;
  #lastMs: number;
  #cancel!: Cancel;

  constructor({ media, signal, clock = systemClock }: MediaSamplerOptions<Media>) {
    this.clock = clock;
    this.signal = signal;
    this.#media = media;
    this.#lastTime = media().currentTime;
    this.#lastMs = clock.now();
    this.#scheduleNext();
    signal.addEventListener(
      'abort',
      () => {
        this.#cancel();
      },
      { once: true },
    );
  }

  get media(): Media {
    return this.#media();
  }

  onSample(listener: (sample: MediaSample) => void): void {
    this.#listeners.push(listener);
  }

  #scheduleNext(): void {
    this.#cancel = this.clock.at(this.clock.now() + PERIOD_MS, () => {
      this.#scheduleNext();
      this.#sample();
    });
  }

  #sample(): void {
    const { currentTime } = this.media;
    const atMs = this.clock.now();
    const movedByS = currentTime - this.#lastTime;
    const isLate = atMs - this.#lastMs > LATE_MS;
    this.#lastTime = currentTime;
    this.#lastMs = atMs;
    for (const listener of this.#listeners) listener({ atMs, movedByS, isLate });
  }
}
