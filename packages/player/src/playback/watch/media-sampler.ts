import { systemClock, type Cancel, type Clock } from '@gatecast/token';

type TimedMedia = Pick<HTMLMediaElement, 'currentTime'>;

/** How playback stands at one moment, compared with the sample before. */
export interface MediaSample {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** Seconds of media time since the sample before; negative after a jump back. */
  readonly movedByS: number;
  /**
   * The sample was held back by sleep, a frozen page or a throttled tab. That media time did not change until now says
   * nothing about the media engine.
   */
  readonly isLate: boolean;
}

/** The samples of the media element of one playback. */
export interface MediaSamples<Media> {
  /** The media element that plays now. */
  readonly media: Media;
  readonly clock: Clock;
  /** Aborts when the sampling ends. */
  readonly signal: AbortSignal;
  /** Calls back with each sample, until the sampling ends. */
  onSample(listener: (sample: MediaSample) => void): void;
}

export interface MediaSamplerOptions<Media> {
  /** Called for each sample: a vendor's player may bring another element. */
  readonly media: () => Media;
  /** Ends the sampling. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

const PERIOD_MS = 1000;
const LATE_MS = 3 * PERIOD_MS;

/** Reads a media element once a second, with one timer for all that watch how it plays. */
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
