import { delay, type Clock } from '@gatecast/token';
import type { CameraReading } from './judge-camera.js';

/** Some cameras need seconds for their first frame. */
const FIRST_FRAME_LIMIT_MS = 4000;
const WATCH_MS = 1200;
const LOOK_EVERY_MS = 150;
/** Enough to see whether a picture changes, and cheap to read. */
const SAMPLE = { width: 32, height: 18 };

/**
 * Watches the frames of a track for a good second after the first one.
 *
 * @throws the signal's reason.
 */
export async function watchCamera(
  track: MediaStreamTrack,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<CameraReading> {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  // WebKitGTK hangs for good when the tracks of a stream end while a video element plays it.
  const release = (): void => {
    video.srcObject = null;
  };
  signal.addEventListener('abort', release, { once: true });
  const frames = new FrameCounter(video);
  try {
    // It fails when the track ends first; then no frame comes, which is what is judged.
    video.play().catch(() => undefined);
    const looks = await look(video, frames, { clock, signal });
    return {
      framesPerSecond: frames.rate,
      width: video.videoWidth,
      height: video.videoHeight,
      brightest: Math.max(0, ...looks.map(brightestLuma)),
      isStill: looks.length > 2 && looks.every((each) => isSamePicture(each, looks[0])),
    };
  } finally {
    frames.stop();
    signal.removeEventListener('abort', release);
    release();
  }
}

/** Pictures of the track, small, from the first frame on. */
async function look(
  video: HTMLVideoElement,
  frames: FrameCounter,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<Uint8ClampedArray[]> {
  const canvas = Object.assign(document.createElement('canvas'), SAMPLE);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const looks: Uint8ClampedArray[] = [];
  let endsAtMs = clock.now() + FIRST_FRAME_LIMIT_MS;
  while (clock.now() < endsAtMs) {
    await delay(clock, LOOK_EVERY_MS, signal);
    if (frames.count === 0) continue;
    if (looks.length === 0) endsAtMs = clock.now() + WATCH_MS;
    context?.drawImage(video, 0, 0, SAMPLE.width, SAMPLE.height);
    const picture = context?.getImageData(0, 0, SAMPLE.width, SAMPLE.height).data;
    if (picture) looks.push(picture);
  }
  return looks;
}

/** Luma of the brightest pixel, from 0 to 255 (ITU-R BT.709). */
export function brightestLuma(pixels: Uint8ClampedArray): number {
  let brightest = 0;
  for (let at = 0; at + 2 < pixels.length; at += 4) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(at, at + 3);
    brightest = Math.max(brightest, 0.2126 * red + 0.7152 * green + 0.0722 * blue);
  }
  return brightest;
}

function isSamePicture(a: Uint8ClampedArray, b: Uint8ClampedArray | undefined): boolean {
  return b?.length === a.length && a.every((value, at) => value === b[at]);
}

/** Counts the frames that a video element gets, also those that a busy page has no time to see. */
class FrameCounter {
  readonly #video: HTMLVideoElement;
  #request = 0;
  #isStopped = false;
  #first: { readonly frames: number; readonly atMs: number } | null = null;
  #last: { readonly frames: number; readonly atMs: number } | null = null;

  constructor(video: HTMLVideoElement) {
    this.#video = video;
    if ('requestVideoFrameCallback' in video) this.#listen();
  }

  /** Frames so far. */
  get count(): number {
    if (!('requestVideoFrameCallback' in this.#video)) this.#readQuality();
    return this.#last?.frames ?? 0;
  }

  /** Frames per second; `null` if fewer than two came. */
  get rate(): number | null {
    const [first, last] = [this.#first, this.#last];
    if (!first || !last || last.frames === first.frames) return null;
    return ((last.frames - first.frames) * 1000) / Math.max(1, last.atMs - first.atMs);
  }

  stop(): void {
    this.#isStopped = true;
    if ('requestVideoFrameCallback' in this.#video) this.#video.cancelVideoFrameCallback(this.#request);
  }

  #listen(): void {
    this.#request = this.#video.requestVideoFrameCallback((atMs, { presentedFrames }) => {
      this.#note(presentedFrames, atMs);
      if (!this.#isStopped) this.#listen();
    });
  }

  /** For browsers without a callback for each frame. */
  #readQuality(): void {
    this.#note(this.#video.getVideoPlaybackQuality().totalVideoFrames, performance.now());
  }

  #note(frames: number, atMs: number): void {
    if (frames === 0) return;
    this.#last = { frames, atMs };
    this.#first ??= this.#last;
  }
}
