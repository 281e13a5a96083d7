import { retryDelayMs, type Cancel, type Clock } from '@gatecast/token';
import type { Overlay } from './overlay.js';
import { loadPictureImage, releasePictureImage } from './picture-image.js';
import type { Drawable } from './picture-painter.js';

export type ImageSource = NonNullable<Overlay['image']>;

/** What an image is for. */
export type ImageUse = 'slate' | 'overlay';

export interface PictureImagesOptions {
  readonly clock: Clock;
  /** Returns a number in [0, 1). @defaultValue `Math.random` */
  readonly random?: () => number;
  readonly load?: (image: ImageSource) => Promise<Drawable>;
  /** An image can be drawn now. */
  readonly onLoaded: () => void;
  /** An image cannot be used, for the first time. */
  readonly onFailed: (of: ImageUse, cause: unknown) => void;
}

interface KnownImage {
  readonly of: ImageUse;
  /** `null` while it loads, or if it cannot be used. */
  drawable: Drawable | null;
  /** Attempts to load it; a late result of an earlier one is dropped. */
  attempts: number;
  failures: number;
  cancelRetry: Cancel | null;
}

/** The images that a picture uses. One whose address fails is requested again, with waits that grow. */
export class PictureImages {
  readonly #options: PictureImagesOptions;
  #images = new Map<ImageSource, KnownImage>();

  constructor(options: PictureImagesOptions) {
    this.#options = options;
  }

  /**
   * Begins to load what `read` asks for, and releases what it does not ask for.
   *
   * @param isNew - the page has set its images again, so that there may be something else in its canvases.
   */
  follow<T>(isNew: boolean, read: (use: (image: ImageSource, of: ImageUse) => Drawable | null) => T): T {
    const before = this.#images;
    const images = new Map<ImageSource, KnownImage>();
    this.#images = images;
    const result = read((image, of) => {
      const used = images.get(image);
      if (used) return used.drawable;
      const known = before.get(image);
      const entry = known ?? { of, drawable: null, attempts: 0, failures: 0, cancelRetry: null };
      images.set(image, entry);
      // An address that failed keeps its waits: the page may set its overlays each second.
      if (!known || (isNew && mayHaveChanged(image, entry))) this.#load(image, entry);
      return entry.drawable;
    });
    for (const [image, entry] of before) if (!images.has(image)) release(entry);
    return result;
  }

  stop(): void {
    for (const entry of this.#images.values()) release(entry);
    this.#images.clear();
  }

  #load(image: ImageSource, entry: KnownImage): void {
    const { load = loadPictureImage, onLoaded, onFailed } = this.#options;
    const attempt = (entry.attempts += 1);
    const isWanted = (): boolean => this.#images.get(image) === entry && entry.attempts === attempt;
    load(image).then(
      (loaded) => {
        if (!isWanted()) {
          releasePictureImage(loaded);
          return;
        }
        releasePictureImage(entry.drawable);
        entry.drawable = loaded;
        onLoaded();
      },
      (cause: unknown) => {
        if (!isWanted()) return;
        entry.failures += 1;
        this.#retry(image, entry);
        if (entry.failures === 1) onFailed(entry.of, cause);
      },
    );
  }

  /** The page's own bitmap or canvas is the same at the next attempt. */
  #retry(image: ImageSource, entry: KnownImage): void {
    if (typeof image !== 'string') return;
    const { clock, random = Math.random } = this.#options;
    const waitMs = retryDelayMs({ attempt: entry.failures, random: random() });
    entry.cancelRetry = clock.at(clock.now() + waitMs, () => this.#load(image, entry));
  }
}

/** A canvas always; a bitmap only if it could not be used, because its content never changes. */
function mayHaveChanged(image: ImageSource, { drawable }: KnownImage): boolean {
  return typeof image !== 'string' && (drawable === null || !('close' in image));
}

function release(entry: KnownImage): void {
  entry.cancelRetry?.();
  releasePictureImage(entry.drawable);
}
