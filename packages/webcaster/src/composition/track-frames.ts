import { markComposed } from '../capture/composed-tracks.js';
import type { Drawable } from './picture-painter.js';

/** The newest frame of a track. */
export interface FrameReader {
  /** `null` before the first one. */
  readonly frame: Drawable | null;
  stop(): void;
}

/** Chromium has both on the window; the standard has them in workers. @see https://w3c.github.io/mediacapture-transform/ */
interface InsertableStreams {
  readonly MediaStreamTrackProcessor?: new (options: { track: MediaStreamTrack; maxBufferSize?: number }) => {
    readonly readable: ReadableStream<VideoFrame>;
  };
  readonly MediaStreamTrackGenerator?: new (options: { kind: 'video' }) => MediaStreamTrack & {
    readonly writable: WritableStream<VideoFrame>;
  };
}

const browser = (): InsertableStreams => globalThis as InsertableStreams;

/** Can frames be read and written without an element of the page? Then a hidden tab gets them in time. */
export function hasInsertableStreams(): boolean {
  const { MediaStreamTrackProcessor, MediaStreamTrackGenerator } = browser();
  return MediaStreamTrackProcessor !== undefined && MediaStreamTrackGenerator !== undefined;
}

/** Reads the frames of a track until it is stopped. @param onFrame - a new frame is there. */
export function readFrames(track: MediaStreamTrack, onFrame: () => void): FrameReader {
  const { MediaStreamTrackProcessor } = browser();
  if (!MediaStreamTrackProcessor) return new ElementReader(track);
  return new StreamReader(new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable, onFrame);
}

class StreamReader implements FrameReader {
  #frame: VideoFrame | null = null;
  #isStopped = false;
  readonly #reader: ReadableStreamDefaultReader<VideoFrame>;

  constructor(frames: ReadableStream<VideoFrame>, onFrame: () => void) {
    this.#reader = frames.getReader();
    void this.#read(onFrame);
  }

  get frame(): Drawable | null {
    const frame = this.#frame;
    return frame && { image: frame, width: frame.displayWidth, height: frame.displayHeight };
  }

  stop(): void {
    this.#isStopped = true;
    this.#frame?.close();
    this.#frame = null;
    this.#reader.cancel().catch(() => undefined);
  }

  /** A frame is closed when the next one is there: cameras have few, and stop without a free one. */
  async #read(onFrame: () => void): Promise<void> {
    for (;;) {
      const { value } = await this.#reader.read().catch(() => ({ value: undefined }));
      if (!value) return;
      if (this.#isStopped) {
        value.close();
        return;
      }
      this.#frame?.close();
      this.#frame = value;
      onFrame();
    }
  }
}

/** A video element that is not in the page. */
class ElementReader implements FrameReader {
  readonly #video = document.createElement('video');

  constructor(track: MediaStreamTrack) {
    const video = this.#video;
    video.muted = true;
    video.playsInline = true;
    video.srcObject = new MediaStream([track]);
    video.play().catch(() => undefined);
  }

  get frame(): Drawable | null {
    const { readyState, videoWidth: width, videoHeight: height } = this.#video;
    return readyState < HTMLMediaElement.HAVE_CURRENT_DATA ? null : { image: this.#video, width, height };
  }

  stop(): void {
    this.#video.pause();
    this.#video.srcObject = null;
  }
}

/** The track that a canvas is sent with. */
export interface FrameWriter {
  readonly track: MediaStreamTrack;
  readonly context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
  /** Sends what the canvas shows. @throws DOMException if the canvas may not be read. */
  write(): void;
  /** Pixels. */
  resize(width: number, height: number): void;
  /** Goes on with another canvas, after one that failed. */
  renew(): void;
  stop(): void;
}

/** @throws DOMException `NotSupportedError` if the browser cannot capture a canvas. */
export function createWriter(width: number, height: number, framerate: number): FrameWriter {
  const { MediaStreamTrackGenerator } = browser();
  const writer = MediaStreamTrackGenerator
    ? streamWriter(new MediaStreamTrackGenerator({ kind: 'video' }), width, height)
    : canvasWriter(width, height, framerate);
  markComposed(writer.track);
  return writer;
}

function streamWriter(
  generator: MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> },
  width: number,
  height: number,
): FrameWriter {
  const first = new OffscreenCanvas(width, height).getContext('2d', { alpha: false });
  if (!first) throw unsupported();
  let context = first;
  const writer = generator.writable.getWriter();
  const startedMs = performance.now();
  return {
    track: generator,
    get context() {
      return context;
    },
    write: () => {
      // The browser is behind: this frame is left out.
      if ((writer.desiredSize ?? 0) <= 0) return;
      const timestamp = Math.round((performance.now() - startedMs) * 1000);
      const frame = new VideoFrame(context.canvas, { timestamp, alpha: 'discard' });
      writer.write(frame).catch(() => frame.close());
    },
    resize: (wide, high) => {
      Object.assign(context.canvas, { width: wide, height: high });
    },
    renew: () => {
      const { width: wide, height: high } = context.canvas;
      context = new OffscreenCanvas(wide, high).getContext('2d', { alpha: false }) ?? context;
    },
    stop: () => {
      generator.stop();
      writer.close().catch(() => undefined);
    },
  };
}

function canvasWriter(width: number, height: number, framerate: number): FrameWriter {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d', { alpha: false });
  const [track] = context ? canvas.captureStream(framerate).getVideoTracks() : [];
  if (!context || !track) throw unsupported();
  return {
    track,
    context,
    write: () => undefined,
    resize: (wide, high) => {
      Object.assign(canvas, { width: wide, height: high });
    },
    // The track belongs to this canvas.
    renew: () => undefined,
    stop: () => track.stop(),
  };
}

function unsupported(): DOMException {
  return new DOMException('A canvas cannot be captured.', 'NotSupportedError');
}
