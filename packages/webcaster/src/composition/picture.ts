import type { Clock } from '@gatecast/token';
import { Composer } from './composer.js';
import { readOverlays, type CheckedOverlay, type Overlays } from './overlay.js';
import type { PictureLayout } from './layout-names.js';
import { loadPictureImage } from './picture-image.js';
import { parseInset, type Size } from './picture-layout.js';
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
}

type ImageSource = NonNullable<Extract<CheckedOverlay['content'], { image: unknown }>['image']>;

/** A composed picture that follows the element's options. */
export class Picture {
  readonly composer: Composer;
  readonly #context: PictureContext;
  /** Of images in use: `null` while one loads, or if it cannot be shown. */
  #images = new Map<ImageSource, Drawable | null>();
  #options: PictureOptions;
  #slateText = '';
  #isStopped = false;

  /** @throws GatecastError `settings-invalid` @throws DOMException `NotSupportedError` */
  constructor(options: PictureOptions, context: PictureContext) {
    this.#options = options;
    this.#context = context;
    const { size, framerate } = options;
    this.composer = new Composer({ clock: context.clock, size, framerate, scene: this.#scene() });
    void context.slateText.then((text) => {
      this.#slateText = text;
      this.#redraw();
    });
  }

  /** @throws GatecastError `settings-invalid`; the picture stays as it is. */
  update(options: PictureOptions): void {
    const before = this.#options;
    this.#options = options;
    try {
      this.composer.update(this.#scene());
    } catch (error) {
      this.#options = before;
      throw error;
    }
    this.composer.resize(options.size, options.framerate);
  }

  stop(): void {
    this.#isStopped = true;
    this.composer.stop();
    this.#images.clear();
  }

  #redraw(): void {
    if (!this.#isStopped) this.composer.update(this.#scene());
  }

  #scene(): Scene {
    const { layout, inset, overlay, showSlate, slate } = this.#options;
    const checked = readOverlays(overlay);
    const parsedInset = parseInset(inset);
    const images = new Map<ImageSource, Drawable | null>();
    const use = (image: ImageSource, of: 'slate' | 'overlay'): Drawable | null => {
      const known = images.get(image) ?? this.#images.get(image);
      images.set(image, known ?? null);
      if (known === undefined) this.#load(image, of);
      return known ?? null;
    };
    const slateImage = slate ? use(slate, 'slate') : null;
    const overlays = checked.map((entry): PaintedOverlay => {
      const { content } = entry;
      return { ...entry, content: 'text' in content ? content : use(content.image, 'overlay') };
    });
    this.#images = images;
    return {
      layout,
      inset: parsedInset,
      overlays,
      slate: showSlate ? { text: this.#slateText, image: slateImage } : null,
    };
  }

  #load(image: ImageSource, of: 'slate' | 'overlay'): void {
    loadPictureImage(image).then(
      (loaded) => {
        if (!this.#images.has(image)) return;
        this.#images.set(image, loaded);
        this.#redraw();
      },
      (cause: unknown) => {
        if (!this.#isStopped) this.#context.onImageFailed(of, cause);
      },
    );
  }
}
