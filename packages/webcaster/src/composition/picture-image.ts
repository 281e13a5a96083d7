import type { Overlay } from './overlay.js';
import type { Drawable } from './picture-painter.js';

/**
 * An image that can be drawn into a picture that is sent. One of another origin makes a canvas unreadable, so it is loaded
 * with CORS.
 *
 * @throws DOMException when it cannot be loaded, or may not be read.
 */
export async function loadPictureImage(image: NonNullable<Overlay['image']>): Promise<Drawable> {
  if (typeof image === 'string') return loadFrom(image);
  // An own copy: the page may close its bitmap later, or draw something into its canvas that may not be read.
  const copy = await createImageBitmap(image);
  requireReadable(copy);
  return { image: copy, width: copy.width, height: copy.height };
}

/** Frees a copy of the page's image. */
export function releasePictureImage(drawable: Drawable | null | undefined): void {
  if (drawable && 'close' in drawable.image) drawable.image.close();
}

async function loadFrom(url: string): Promise<Drawable> {
  const image = new Image();
  image.crossOrigin = 'anonymous';
  image.src = url;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  if (width === 0 || height === 0) throw new DOMException('The image has no size.', 'EncodingError');
  return { image, width, height };
}

/** Fails here, and not in the picture that is sent. */
function requireReadable(image: ImageBitmap): void {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d');
  context?.drawImage(image, 0, 0, 1, 1);
  context?.getImageData(0, 0, 1, 1);
}
