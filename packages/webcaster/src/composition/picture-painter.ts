import { wrap } from '../capture/substitute.js';
import type { PictureLayout } from './layout-names.js';
import type { CheckedOverlay, OverlayPosition } from './overlay.js';
import {
  fitInto,
  placeSources,
  type Inset,
  type PictureSource,
  type Rectangle,
  type Size,
} from './picture-layout.js';

export type PaintContext = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** An image and its size in pixels. */
export interface Drawable extends Size {
  readonly image: CanvasImageSource;
}

/** An overlay that can be drawn; `null` while its image loads. */
export interface PaintedOverlay extends Omit<CheckedOverlay, 'content'> {
  readonly content: { readonly text: string } | Drawable | null;
}

/** What the picture shows. */
export interface Scene {
  readonly layout: PictureLayout;
  readonly inset: Inset;
  readonly overlays: readonly PaintedOverlay[];
  /** Covers everything; `null` while the sources are shown. */
  readonly slate: { readonly text: string; readonly image: Drawable | null } | null;
}

/** The last frame of each source; `null` before its first one. */
export type Frames = ReadonlyMap<PictureSource, Drawable | null>;

const BACKGROUND = '#0b0d12';
const FONT = 'system-ui, sans-serif';
const LINE = 1.35;
/** Lines of a text that was drawn, which are the same in the next frame. Each change of the picture makes new objects. */
const laidOut = new WeakMap<object, TextLines & { readonly height: number; readonly width: number }>();

interface TextLines {
  readonly lines: readonly string[];
  /** Width of the longest one, in pixels. */
  readonly widest: number;
}

/** Distance of overlays from the edges, in percent of the picture's width. */
const MARGIN_PERCENT = 2;

/**
 * Draws one frame.
 *
 * @param onFailed - a source or overlay cannot be drawn, for example a bitmap that the page has closed. The rest is drawn.
 */
export function paint(
  context: PaintContext,
  picture: Size,
  scene: Scene,
  frames: Frames,
  onFailed: (cause: unknown) => void,
): void {
  const attempt = (draw: () => void): void => {
    try {
      draw();
    } catch (cause) {
      onFailed(cause);
    }
    context.globalAlpha = 1;
  };
  context.globalAlpha = 1;
  context.fillStyle = BACKGROUND;
  context.fillRect(0, 0, picture.width, picture.height);
  if (scene.slate) {
    const { slate } = scene;
    attempt(() => paintSlate(context, picture, slate));
    return;
  }
  for (const { source, area, fit } of placeSources(
    scene.layout,
    picture,
    scene.inset,
    new Set(frames.keys()),
  )) {
    const frame = frames.get(source);
    if (frame) attempt(() => paintInto(context, frame, area, fit));
  }
  for (const overlay of scene.overlays) attempt(() => paintOverlay(context, picture, overlay));
}

function paintInto(
  context: PaintContext,
  drawable: Drawable,
  area: Rectangle,
  fit: 'cover' | 'contain',
): void {
  const crop = fitInto(drawable, area, fit);
  if (!crop) return;
  const { from, to } = crop;
  context.drawImage(drawable.image, from.x, from.y, from.width, from.height, to.x, to.y, to.width, to.height);
}

function paintSlate(context: PaintContext, picture: Size, slate: NonNullable<Scene['slate']>): void {
  const { image } = slate;
  if (image) {
    paintInto(context, image, { x: 0, y: 0, ...picture }, 'cover');
    return;
  }
  const height = Math.max(12, Math.round(Math.min(picture.width, picture.height) / 14));
  const { lines } = layOut(context, slate, height, picture.width * 0.85);
  context.fillStyle = '#fff';
  const top = picture.height / 2 - ((lines.length - 1) * height * LINE) / 2;
  lines.forEach((line, index) => context.fillText(line, picture.width / 2, top + index * height * LINE));
}

function paintOverlay(context: PaintContext, picture: Size, overlay: PaintedOverlay): void {
  const { content, opacity } = overlay;
  if (!content) return;
  context.globalAlpha = opacity;
  if ('text' in content) paintText(context, picture, overlay, content);
  else {
    const scale = (picture.width * overlay.size) / 100 / content.width;
    const size = { width: content.width * scale, height: content.height * scale };
    paintInto(context, content, placeOverlay(overlay.position, size, picture), 'contain');
  }
}

function paintText(
  context: PaintContext,
  picture: Size,
  overlay: PaintedOverlay,
  content: { readonly text: string },
): void {
  const height = (picture.height * overlay.size) / 100;
  const { lines, widest } = layOut(context, content, height, picture.width * 0.9 - height);
  const size = { width: widest + height, height: lines.length * height * LINE + height * 0.5 };
  const box = placeOverlay(overlay.position, size, picture);
  context.fillStyle = 'rgb(11 13 18 / 0.72)';
  context.fillRect(box.x, box.y, box.width, box.height);
  context.fillStyle = '#fff';
  lines.forEach((line, index) =>
    context.fillText(line, box.x + box.width / 2, box.y + height * (0.25 + LINE * (index + 0.5))),
  );
}

/** Sets the font, and breaks the text into lines that fit. */
function layOut(
  context: PaintContext,
  content: { readonly text: string },
  height: number,
  width: number,
): TextLines {
  context.font = `600 ${String(height)}px ${FONT}`;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  const known = laidOut.get(content);
  if (known?.height === height && known.width === width) return known;
  const measure = (part: string): number => context.measureText(part).width;
  const lines = wrap(content.text, (part) => measure(part) <= width);
  const layout = { lines, widest: Math.max(0, ...lines.map(measure)), height, width };
  laidOut.set(content, layout);
  return layout;
}

/** The place of an overlay of this size. */
export function placeOverlay(position: OverlayPosition, size: Size, picture: Size): Rectangle {
  const margin = (picture.width * MARGIN_PERCENT) / 100;
  const along = (free: number, isFirst: boolean, isLast: boolean): number => {
    if (isFirst) return margin;
    return isLast ? free - margin : free / 2;
  };
  return {
    ...size,
    x: along(picture.width - size.width, position.endsWith('left'), position.endsWith('right')),
    y: along(picture.height - size.height, position.startsWith('top'), position.startsWith('bottom')),
  };
}
