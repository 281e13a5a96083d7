import type { Clock, GatecastError } from '@gatecast/token';
import { Composer } from './composer.js';
import { CheckedOptions } from './checked-options.js';
import type { CheckedOverlay, Overlays } from './overlay.js';
import type { PictureLayout } from './layout-names.js';
import { loadPictureImage, releasePictureImage } from './picture-image.js';
import type { Size } from './picture-layout.js';
import type { Drawable, PaintedOverlay, Scene } from './picture-painter.js';

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
  readonly onImageFailed: (of: 'slate' | 'overlay', cause: unknown) => void;
  /** A part of the picture cannot be drawn; the rest is. */
  readonly onDrawFailed: (cause: unknown) => void;
}

type ImageSource = NonNullable<Extract<CheckedOverlay['content'], { image: unknown }>['image']>;

/** A composed picture that follows the element's options. Of an invalid one the last valid value counts. */
export class Picture {
  readonly composer: Composer;
  readonly #context: PictureContext;
  readonly #checked = new CheckedOptions();
  /** Of images in use: `null` while one loads, or if it cannot be shown. */
  #images = new Map<ImageSource, Drawable | null>();
  #options: PictureOptions;
  #slateText = '';
  #isStopped = false;

  /** @throws DOMException `NotSupportedError` */
  constructor(options: PictureOptions, context: PictureContext) {
    this.#options = options;
    this.#context = context;
    this.#checked.read(options);
    const { size, framerate } = options;
    const { clock, onDrawFailed } = context;
    this.composer = new Composer({ clock, size, framerate, scene: this.#scene(), onDrawFailed });
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
    for (const drawable of this.#images.values()) releasePictureImage(drawable);
    this.#images.clear();
  }

  #redraw(hasNewImages = false): void {
    if (!this.#isStopped) this.composer.update(this.#scene(hasNewImages));
  }

  #scene(hasNewImages = false): Scene {
    const { showSlate, slate } = this.#options;
    const { layout, inset, overlays: checked } = this.#checked;
    const images = new Map<ImageSource, Drawable | null>();
    const use = (image: ImageSource, of: 'slate' | 'overlay'): Drawable | null => {
      if (!images.has(image)) {
        const known = this.#images.get(image);
        images.set(image, known ?? null);
        if (known === undefined || (hasNewImages && isCanvas(image))) this.#load(image, of);
      }
      return images.get(image) ?? null;
    };
    const slateImage = slate ? use(slate, 'slate') : null;
    const overlays = checked.map((entry): PaintedOverlay => {
      const { content } = entry;
      return { ...entry, content: 'text' in content ? content : use(content.image, 'overlay') };
    });
    for (const [image, drawable] of this.#images) if (!images.has(image)) releasePictureImage(drawable);
    this.#images = images;
    return {
      layout,
      inset,
      overlays,
      slate: showSlate ? { text: this.#slateText, image: slateImage } : null,
    };
  }

  #load(image: ImageSource, of: 'slate' | 'overlay'): void {
    loadPictureImage(image).then(
      (loaded) => {
        if (!this.#images.has(image)) {
          releasePictureImage(loaded);
          return;
        }
        releasePictureImage(this.#images.get(image));
        this.#images.set(image, loaded);
        this.#redraw();
      },
      (cause: unknown) => {
        if (!this.#isStopped) this.#context.onImageFailed(of, cause);
      },
    );
  }
}

function isCanvas(image: ImageSource): boolean {
  return typeof image !== 'string' && !('close' in image);
}
