import type { Clock } from '@gatecast/token';
import { FrameTicks } from './frame-ticks.js';
import { paint, type Drawable, type Scene } from './picture-painter.js';
import { evenSize, type PictureSource, type Size } from './picture-layout.js';
import {
  createWriter,
  hasInsertableStreams,
  readFrames,
  type FrameReader,
  type FrameWriter,
} from './track-frames.js';

export interface ComposerOptions {
  readonly clock: Clock;
  readonly size: Size;
  /** Frames per second, at most. */
  readonly framerate: number;
  readonly scene: Scene;
}

interface OpenSource {
  readonly track: MediaStreamTrack;
  readonly reader: FrameReader;
  /** Its last frame is shown until the reader has one. */
  previous: FrameReader | null;
}

/** Draws camera, screen and what lies over them into one track, which stays the same whatever changes. */
export class Composer {
  readonly #clock: Clock;
  readonly #writer: FrameWriter;
  readonly #readers = new Map<PictureSource, OpenSource>();
  #size: Size;
  #framerate: number;
  #scene: Scene;
  #ticks: FrameTicks;

  /** @throws DOMException `NotSupportedError` if the browser cannot capture a canvas. */
  constructor({ clock, size, framerate, scene }: ComposerOptions) {
    this.#clock = clock;
    this.#size = evenSize(size);
    this.#framerate = framerate;
    this.#scene = scene;
    this.#writer = createWriter(this.#size.width, this.#size.height, framerate);
    this.#ticks = this.#startTicks();
  }

  get track(): MediaStreamTrack {
    return this.#writer.track;
  }

  get scene(): Scene {
    return this.#scene;
  }

  /** Shows a track in the place of a source; `null` removes the source. Nothing here stops the track. */
  setSource(source: PictureSource, track: MediaStreamTrack | null): void {
    const before = this.#readers.get(source);
    if (before?.track === (track ?? undefined)) return;
    before?.previous?.stop();
    if (track) {
      const reader = readFrames(track, () => this.#ticks.hint());
      this.#readers.set(source, { track, reader, previous: before?.reader ?? null });
    } else if (before) {
      before.reader.stop();
      this.#readers.delete(source);
      this.#ticks.now();
    }
  }

  update(scene: Scene): void {
    this.#scene = scene;
    this.#ticks.now();
  }

  resize(size: Size, framerate: number): void {
    const { width, height } = evenSize(size);
    if (width !== this.#size.width || height !== this.#size.height) {
      this.#size = { width, height };
      Object.assign(this.#writer.context.canvas, this.#size);
      this.#ticks.now();
    }
    if (framerate === this.#framerate) return;
    this.#framerate = framerate;
    this.#ticks.stop();
    this.#ticks = this.#startTicks();
  }

  stop(): void {
    this.#ticks.stop();
    for (const { reader, previous } of this.#readers.values()) {
      reader.stop();
      previous?.stop();
    }
    this.#readers.clear();
    this.#writer.stop();
  }

  #startTicks(): FrameTicks {
    return new FrameTicks({
      clock: this.#clock,
      framerate: this.#framerate,
      hasHints: hasInsertableStreams(),
      onTick: () => this.#draw(),
    });
  }

  #draw(): void {
    const frames = new Map<PictureSource, Drawable | null>();
    for (const [source, open] of this.#readers) frames.set(source, newestFrame(open));
    paint(this.#writer.context, this.#size, this.#scene, frames);
    this.#writer.write();
  }
}

function newestFrame(open: OpenSource): Drawable | null {
  const { reader, previous } = open;
  if (!previous) return reader.frame;
  if (!reader.frame) return previous.frame;
  previous.stop();
  open.previous = null;
  return reader.frame;
}
