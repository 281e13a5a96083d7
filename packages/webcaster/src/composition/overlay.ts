import { GatecastError } from '@gatecast/token';

/** Where an overlay lies. */
export type OverlayPosition =
  'top-left' | 'top' | 'top-right' | 'left' | 'center' | 'right' | 'bottom-left' | 'bottom' | 'bottom-right';

export const OVERLAY_POSITIONS: readonly OverlayPosition[] = [
  'top-left',
  'top',
  'top-right',
  'left',
  'center',
  'right',
  'bottom-left',
  'bottom',
  'bottom-right',
];

/** A text or an image over the picture that is sent. */
export interface Overlay {
  /** At most 500 characters. */
  readonly text?: string;
  /** A URL, whose server must allow this page (CORS), or an image that may be read. */
  readonly image?: string | ImageBitmap | HTMLCanvasElement;
  /** @defaultValue `bottom-left` for a text, `top-right` for an image */
  readonly position?: OverlayPosition;
  /** From 0 to 1. @defaultValue 1 */
  readonly opacity?: number;
  /**
   * Height of a text's line in percent of the picture's height, or width of an image in percent of the picture's width, from
   * 1 to 100. @defaultValue 5 for a text, 15 for an image
   */
  readonly size?: number;
}

/** One overlay or several, from back to front. */
export type Overlays = Overlay | readonly Overlay[];

/** An overlay that was checked, with its defaults. */
export interface CheckedOverlay {
  readonly content: { readonly text: string } | { readonly image: NonNullable<Overlay['image']> };
  readonly position: OverlayPosition;
  readonly opacity: number;
  /** Percent. */
  readonly size: number;
}

const MOST_OVERLAYS = 20;
const LONGEST_TEXT = 500;

/**
 * Checks the property `overlay`, which may hold anything.
 *
 * @throws GatecastError `settings-invalid`
 */
export function readOverlays(value: unknown): CheckedOverlay[] {
  if (value === null || value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > MOST_OVERLAYS)
    throw invalid('has too many entries', `Use at most ${String(MOST_OVERLAYS)}.`);
  return list.map(readOverlay);
}

function readOverlay(value: unknown): CheckedOverlay {
  if (typeof value !== 'object' || value === null)
    throw invalid('is not an object', 'Set overlay to { text } or { image }, or to a list of them.');
  const { text, image, position, opacity = 1, size }: Partial<Record<keyof Overlay, unknown>> = value;
  const content = readContent(text, image);
  const isText = 'text' in content;
  return {
    content,
    position: readPosition(position ?? (isText ? 'bottom-left' : 'top-right')),
    opacity: readNumber('opacity', opacity, 0, 1),
    size: readNumber('size', size ?? (isText ? 5 : 15), 1, 100),
  };
}

function readContent(text: unknown, image: unknown): CheckedOverlay['content'] {
  if ((text === undefined) === (image === undefined))
    throw invalid('needs a text or an image', 'Set one of text and image in each overlay.');
  if (image === undefined) {
    if (typeof text === 'string' && text.length <= LONGEST_TEXT) return { text };
    throw invalid(
      'has an invalid text',
      `Set text to a string of at most ${String(LONGEST_TEXT)} characters.`,
    );
  }
  if (typeof image === 'string' && image !== '') return { image };
  if (isImage(image)) return { image };
  throw invalid('has an invalid image', 'Set image to a URL, an ImageBitmap or a canvas.');
}

/** Not in every environment are there both classes. */
function isImage(value: unknown): value is ImageBitmap | HTMLCanvasElement {
  const { ImageBitmap, HTMLCanvasElement } = globalThis as Partial<typeof globalThis>;
  return (
    (ImageBitmap !== undefined && value instanceof ImageBitmap) ||
    (HTMLCanvasElement !== undefined && value instanceof HTMLCanvasElement)
  );
}

function readPosition(value: unknown): OverlayPosition {
  const position = OVERLAY_POSITIONS.find((name) => name === value);
  if (position) return position;
  throw invalid('has an unknown position', `Set position to one of: ${OVERLAY_POSITIONS.join(', ')}.`);
}

function readNumber(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw invalid(
    `has an invalid ${name}`,
    `Set ${name} to a number from ${String(least)} to ${String(most)}.`,
  );
}

function invalid(what: string, hint: string): GatecastError {
  return new GatecastError('settings-invalid', `The property overlay ${what}.`, { hint });
}
