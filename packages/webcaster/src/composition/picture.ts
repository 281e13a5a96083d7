import type { Clock, GatecastError } from '@gatecast/token';
import { Composer } from './composer.js';
import { CheckedOptions } from './checked-options.js';
import type { Overlays } from './overlay.js';
import type { PictureLayout } from './layout-names.js';
import { PictureImages, type ImageUse } from './picture-images.js';
import type { Size } from './picture-layout.js';
import type { PaintedOverlay, Scene } from './picture-painter.js';

/** What the picture consists of, as the element's options say it. */
export interface PictureOptions {
  readonly layout: PictureLayout;
  readonly inset: string;
  readonly overlay: Overlays | null;
  readonly showSlate: boolean;
  /** URL of an image. */
  readonly slate: string | null;
  readonly size: Size;
  /** Frames per second. */
  readonly framerate: number;
}

export interface PictureContext {
  readonly clock: Clock;
  /** The slate's text. */
  readonly slateText: Promise<string>;
  /** The image of the slate, or of an overlay, cannot be shown. */
  readonly onImageFailed: (of: ImageUse, cause: unknown) => void;
  /** A part of the picture cannot be drawn; the rest is. */
  readonly onDrawFailed: (cause: unknown) => void;
}

/** A composed picture that follows the element's options. Of an invalid one the last valid value counts. */
export class Picture {
  readonly composer: Composer;
  readonly #checked = new CheckedOptions();
  readonly #images: PictureImages;
  #options: PictureOptions;
  #slateText = '';
  #isStopped = false;

  /** @throws DOMException `NotSupportedError` */
  constructor(options: PictureOptions, context: PictureContext) {
    this.#options = options;
    this.#checked.read(options);
    const { size, framerate } = options;
    const { clock, onDrawFailed } = context;
    this.#images = new PictureImages({
      clock,
      onLoaded: () => this.#redraw(),
      onFailed: context.onImageFailed,
    });
    try {
      this.composer = new Composer({ clock, size, framerate, scene: this.#scene(), onDrawFailed });
    } catch (error) {
      this.#images.stop();
      throw error;
    }
    void context.slateText.then((text) => {
      this.#slateText = text;
      this.#redraw();
    });
  }

  /** The first option that is invalid; `null` without one. */
  get problem(): GatecastError | null {
    return this.#checked.problem;
  }

  get isSlateShown(): boolean {
    return this.composer.scene.slate !== null;
  }

  update(options: PictureOptions): void {
    // The page sets its canvas again after it has drawn something else into it.
    const hasNewImages = options.overlay !== this.#options.overlay;
    this.#options = options;
    this.#checked.read(options);
    this.#redraw(hasNewImages);
    this.composer.resize(options.size, options.framerate);
  }

  stop(): void {
    this.#isStopped = true;
    this.composer.stop();
    this.#images.stop();
  }

  #redraw(hasNewImages = false): void {
    if (!this.#isStopped) this.composer.update(this.#scene(hasNewImages));
  }

  #scene(hasNewImages = false): Scene {
    const { showSlate, slate } = this.#options;
    const { layout, inset, overlays: checked } = this.#checked;
    return this.#images.follow(hasNewImages, (use) => {
      const image = slate ? use(slate, 'slate') : null;
      const overlays = checked.map((entry): PaintedOverlay => {
        const { content } = entry;
        return { ...entry, content: 'text' in content ? content : use(content.image, 'overlay') };
      });
      return { layout, inset, overlays, slate: showSlate ? { text: this.#slateText, image } : null };
    });
  }
}
