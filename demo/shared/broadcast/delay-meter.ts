import { decodeClock, stripBox, stripCells } from './clock-strip.js';

/** Reads per second; a picture is read in less than a millisecond. */
const READ_EVERY_MS = 200;
const SHOW_EVERY_MS = 500;
/** The median is that of the last seconds. */
const WINDOW_MS = 5_000;

interface Sample {
  readonly atMs: number;
  readonly delayMs: number;
}

export interface DelayMeterOptions {
  /** The video to read; `null` while there is none. */
  readonly video: () => HTMLVideoElement | null;
  /** @param delayMs - median of the last five seconds; `null` if the picture has no clock. */
  readonly onDelay: (delayMs: number | null) => void;
  readonly signal: AbortSignal;
}

/**
 * Measures how old the picture of a video is, by the clock in it (see `clock-strip.ts`). Right only where the picture was made
 * by the same clock: on the same machine.
 */
export function measureDelay({ video, onDelay, signal }: DelayMeterOptions): void {
  const reader = createClockReader();
  let samples: readonly Sample[] = [];
  let watched: HTMLVideoElement | null = null;
  let nextReadMs = 0;

  function watch(element: HTMLVideoElement): void {
    element.requestVideoFrameCallback(() => {
      if (signal.aborted || watched !== element) return;
      watch(element);
      const atMs = Date.now();
      if (atMs < nextReadMs) return;
      nextReadMs = atMs + READ_EVERY_MS;
      const madeAtMs = reader.read(element, atMs);
      if (madeAtMs !== null) samples = [...samples, { atMs, delayMs: atMs - madeAtMs }];
    });
  }

  const timer = setInterval(() => {
    const element = video();
    if (element !== watched) {
      watched = element;
      samples = [];
      if (element) watch(element);
    }
    samples = samples.filter(({ atMs }) => Date.now() - atMs < WINDOW_MS);
    onDelay(medianOf(samples.map(({ delayMs }) => delayMs)));
  }, SHOW_EVERY_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/** The middle value; `null` of none. */
export function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

/** Reads the time that is in the picture of a video, in milliseconds since the epoch. */
export interface ClockReader {
  /** @returns `null` if the picture has none. */
  read(video: HTMLVideoElement, nowMs: number): number | null;
}

export function createClockReader(): ClockReader {
  const canvas = document.createElement('canvas');
  const cellSize = 3;
  Object.assign(canvas, { width: stripCells * cellSize, height: cellSize });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return {
    read(video, nowMs) {
      const { videoWidth, videoHeight } = video;
      if (!context || videoWidth === 0) return null;
      const { left, top, width, height } = stripBox;
      context.drawImage(
        video,
        ...([left * videoWidth, top * videoHeight, width * videoWidth, height * videoHeight] as const),
        ...([0, 0, canvas.width, canvas.height] as const),
      );
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      // Green has most of the brightness. The middle of each cell is the least blurred.
      const middle = (index: number): number =>
        (canvas.width * Math.floor(cellSize / 2) + index * cellSize + Math.floor(cellSize / 2)) * 4 + 1;
      const brightness = Array.from({ length: stripCells }, (_, index) => data[middle(index)] ?? 0);
      return decodeClock(brightness, nowMs);
    },
  };
}
