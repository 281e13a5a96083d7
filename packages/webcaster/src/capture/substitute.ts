import { delay, type Clock } from '@gatecast/token';

/** What is sent in place of a device that gives no media. */
export interface Substitute {
  readonly track: MediaStreamTrack;
  stop(): void;
}

export interface SlateOptions {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly clock: Clock;
  /** The text in the middle. It may come later, because its language may have to be loaded. */
  readonly text: Promise<string>;
  /** Absolute URL of an image that covers the slate instead of the text; `null` without one. */
  readonly imageUrl: string | null;
  /** The image could not be loaded, so the text is shown. */
  readonly onImageFailed: () => void;
}

/** A canvas sends a frame only when it is drawn. Viewers who join later need frames. */
const REDRAW_MS = 500;
const FRAMES_PER_SECOND = 5;

const substitutes = new WeakSet<MediaStreamTrack>();

/** Is this track sent in place of a device? */
export function isSubstitute(track: MediaStreamTrack | null): boolean {
  return track !== null && substitutes.has(track);
}

/** A still picture with a text or an image. @throws Error if the browser cannot capture a canvas. */
export function createSlate(options: SlateOptions): Substitute {
  const { width, height, clock } = options;
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  // An opaque canvas: frames with transparency cannot be encoded everywhere.
  const context = canvas.getContext('2d', { alpha: false });
  const [track] = canvas.captureStream(FRAMES_PER_SECOND).getVideoTracks();
  if (!context || !track) throw new DOMException('A canvas cannot be captured.', 'NotSupportedError');
  substitutes.add(track);
  const life = new AbortController();
  let text = '';
  let image: HTMLImageElement | null = null;
  const draw = () => {
    if (image) drawImage(context, image);
    else drawText(context, text);
  };
  const repeat = async () => {
    while (!life.signal.aborted) {
      draw();
      await delay(clock, REDRAW_MS, life.signal).catch(() => undefined);
    }
  };
  void repeat();
  void options.text.then((loaded) => {
    text = loaded;
    draw();
  });
  if (options.imageUrl !== null) {
    loadImage(options.imageUrl).then((loaded) => {
      image = loaded;
      draw();
    }, options.onImageFailed);
  }
  return {
    track,
    stop: () => {
      life.abort();
      track.stop();
    },
  };
}

/** Sound without sound: some ingests wait for it, and hold back the video meanwhile. */
export function createSilence(): Substitute {
  const context = new AudioContext();
  const { stream } = context.createMediaStreamDestination();
  const [track] = stream.getAudioTracks();
  if (!track) throw new DOMException('Silence cannot be captured.', 'NotSupportedError');
  substitutes.add(track);
  return {
    track,
    stop: () => {
      track.stop();
      void context.close().catch(() => undefined);
    },
  };
}

/** Without CORS the image would make the canvas unreadable, so it would end the track. */
async function loadImage(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.crossOrigin = 'anonymous';
  image.src = url;
  await image.decode();
  return image;
}

function drawImage(context: CanvasRenderingContext2D, image: HTMLImageElement): void {
  const { width, height } = context.canvas;
  const scale = Math.max(width / image.naturalWidth, height / image.naturalHeight);
  const [w, h] = [image.naturalWidth * scale, image.naturalHeight * scale];
  context.drawImage(image, (width - w) / 2, (height - h) / 2, w, h);
}

function drawText(context: CanvasRenderingContext2D, text: string): void {
  const { width, height } = context.canvas;
  context.fillStyle = '#0b0d12';
  context.fillRect(0, 0, width, height);
  if (text === '') return;
  const size = Math.max(12, Math.round(Math.min(width, height) / 14));
  context.fillStyle = '#fff';
  context.font = `600 ${String(size)}px system-ui, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const lines = wrap(text, (part) => context.measureText(part).width <= width * 0.85);
  const top = height / 2 - ((lines.length - 1) * size * 1.35) / 2;
  lines.forEach((line, index) => context.fillText(line, width / 2, top + index * size * 1.35));
}

/** Breaks a text between words, so that each line fits if it can. */
export function wrap(text: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    const joined = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && fits(joined)) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
}
