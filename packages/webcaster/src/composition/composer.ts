import type { Clock } from '@gatecast/token';
import { FrameTicks } from './frame-ticks.js';
import { paint, type Drawable, type Scene } from './picture-painter.js';
import { evenSize, placeSources, type PictureSource, type Size } from './picture-layout.js';
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
  /** A part of the picture could not be drawn, for the first time since the last change. The rest is drawn. */
  readonly onDrawFailed?: ((cause: unknown) => void) | undefined;
}

interface OpenSource {
  readonly track: MediaStreamTrack;
  /** Where the track comes from: only between two cameras may the last picture of the first one stay. */
  readonly origin: string | undefined;
  readonly reader: FrameReader;
  /** Its last frame is shown until the reader has one. */
  previous: FrameReader | null;
}

/** Draws camera, screen and what lies over them into one track, which stays the same whatever changes. */
export class Composer {
  readonly #clock: Clock;
  readonly #writer: FrameWriter;
  readonly #readers = new Map<PictureSource, OpenSource>();
  readonly #onDrawFailed: (cause: unknown) => void;
  #hasFailed = false;
  #size: Size;
  #framerate: number;
  #scene: Scene;
  #ticks: FrameTicks;

  /** @throws DOMException `NotSupportedError` if the browser cannot capture a canvas. */
  constructor({ clock, size, framerate, scene, onDrawFailed }: ComposerOptions) {
    this.#clock = clock;
    this.#size = evenSize(size);
    this.#framerate = framerate;
    this.#scene = scene;
    this.#onDrawFailed = onDrawFailed ?? (() => undefined);
    this.#writer = createWriter(this.#size.width, this.#size.height, framerate);
    this.#ticks = this.#startTicks();
  }

  get track(): MediaStreamTrack {
    return this.#writer.track;
  }

  get scene(): Scene {
    return this.#scene;
  }

  /**
   * Shows a track in the place of a source; `null`, or a track that has ended, removes the source. Nothing here stops the
   * track.
   *
   * @param origin - the last picture of the track before stays until the first one of this track if both come from here.
   */
  setSource(source: PictureSource, track: MediaStreamTrack | null, origin?: string): void {
    const before = this.#readers.get(source);
    if (before?.track === (track ?? undefined)) return;
    before?.previous?.stop();
    this.#readers.delete(source);
    const mayStay = before !== undefined && before.origin === origin;
    if (track && track.readyState !== 'ended') {
      const moved = [...this.#readers.values()].find((open) => open.track === track)?.reader;
      const reader = moved ?? readFrames(track, () => this.#ticks.hint());
      this.#readers.set(source, { track, origin, reader, previous: mayStay ? before.reader : null });
      if (!mayStay) this.#release(before?.reader);
    } else this.#release(before?.reader);
    this.#hintContent();
    if (before && !(mayStay && this.#readers.has(source))) this.#ticks.now();
  }

  update(scene: Scene): void {
    this.#scene = scene;
    this.#hasFailed = false;
    this.#hintContent();
    this.#ticks.now();
  }

  resize(size: Size, framerate: number): void {
    const { width, height } = evenSize(size);
    if (width !== this.#size.width || height !== this.#size.height) {
      this.#size = { width, height };
      this.#writer.resize(width, height);
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

  /** Of a picture with a screen the text stays readable on a slow network: fewer frames instead of fewer pixels. */
  #hintContent(): void {
    const { layout, inset } = this.#scene;
    const shown = placeSources(layout, this.#size, inset, new Set(this.#readers.keys()));
    const hasDetail = shown.some(({ source }) => this.#readers.get(source)?.track.contentHint === 'detail');
    const hint = hasDetail ? 'detail' : '';
    const { track } = this.#writer;
    if (track.contentHint !== hint) track.contentHint = hint;
  }

  /** A track that moves from one place to another has one reader for both. */
  #release(reader: FrameReader | undefined): void {
    if (![...this.#readers.values()].some((open) => open.reader === reader)) reader?.stop();
  }

  /** Never throws: the loops that read frames and the timer of the ticks would end. */
  #draw(): void {
    const frames = new Map<PictureSource, Drawable | null>();
    for (const [source, open] of this.#readers) frames.set(source, newestFrame(open));
    const onFailed = (cause: unknown): void => {
      if (this.#hasFailed) return;
      this.#hasFailed = true;
      this.#onDrawFailed(cause);
    };
    try {
      paint(this.#writer.context, this.#size, this.#scene, frames, onFailed);
      this.#writer.write();
    } catch (cause) {
      // A canvas that can no longer be read would hold back the slate, too.
      this.#writer.renew();
      onFailed(cause);
    }
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
