import { GatecastError } from '@gatecast/token';
import type { PictureLayout } from './layout-names.js';

/** A source of the picture. */
export type PictureSource = 'camera' | 'screen';

export type Corner = 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';

export const CORNERS: readonly Corner[] = ['bottom-right', 'bottom-left', 'top-right', 'top-left'];

/** Where the camera lies over the screen. */
export interface Inset {
  readonly corner: Corner;
  /** Width, in percent of the picture's. */
  readonly percent: number;
}

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels. */
export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

/** A source's place in the picture. With `cover` its edges are cut off, with `contain` it may have bars. */
export interface Placement {
  readonly source: PictureSource;
  readonly area: Rectangle;
  readonly fit: 'cover' | 'contain';
}

/** On the longer side. A canvas that is too large stays empty, and encoders refuse it. */
const MOST_PIXELS = 4096;
const DEFAULT_PERCENT = 25;
const PERCENT_RANGE = [10, 50] as const;
/** Distance of the inset from the edge, in percent of the picture's width. */
const MARGIN_PERCENT = 2;
/** An odd number of pixels cannot be encoded everywhere. */
const even = (pixels: number): number => Math.max(2, Math.round(pixels / 2) * 2);

/**
 * Reads the attribute `inset`: a corner, and the width in percent of the picture's, for example `bottom-right 25%`.
 *
 * @throws GatecastError `settings-invalid`
 */
export function parseInset(text: string): Inset {
  const [corner, width, ...rest] = text.trim().split(/\s+/);
  const named = CORNERS.find((name) => name === corner);
  const [, digits] = /^(\d{1,2})%$/.exec(width ?? `${String(DEFAULT_PERCENT)}%`) ?? [];
  const percent = Number(digits);
  const [least, most] = PERCENT_RANGE;
  if (named && percent >= least && percent <= most && rest.length === 0) return { corner: named, percent };
  throw new GatecastError('settings-invalid', 'The attribute inset has an invalid value.', {
    hint: `Set inset to one of ${CORNERS.join(', ')}, and if you like a width from ${String(least)}% to ${String(most)}%: "bottom-right 25%".`,
  });
}

/** The size of the picture: whole and even numbers of pixels, and not more than can be drawn and encoded. */
export function evenSize({ width, height }: Size): Size {
  const scale = Math.min(1, MOST_PIXELS / Math.max(width, height, 1));
  return { width: even(width * scale), height: even(height * scale) };
}

/** The places of the sources that there are, from back to front. A source without company fills the picture. */
export function placeSources(
  layout: PictureLayout,
  picture: Size,
  inset: Inset,
  sources: ReadonlySet<PictureSource>,
): Placement[] {
  const whole = { x: 0, y: 0, ...picture };
  const only = (source: PictureSource): Placement[] => [{ source, area: whole, fit: 'contain' }];
  if (sources.size === 0) return [];
  if (!sources.has('screen')) return only('camera');
  if (!sources.has('camera')) return only('screen');
  switch (layout) {
    case 'camera':
    case 'screen':
      return only(layout);
    case 'side-by-side': {
      const [screen, camera] = halves(picture);
      return [
        { source: 'screen', area: screen, fit: 'contain' },
        { source: 'camera', area: camera, fit: 'cover' },
      ];
    }
    case 'picture-in-picture':
      return [...only('screen'), { source: 'camera', area: insetArea(picture, inset), fit: 'cover' }];
  }
}

/** The screen has two thirds of the longer side, because its text must be readable. */
function halves({ width, height }: Size): [screen: Rectangle, camera: Rectangle] {
  if (width >= height) {
    const wide = even((width * 2) / 3);
    return [
      { x: 0, y: 0, width: wide, height },
      { x: wide, y: 0, width: width - wide, height },
    ];
  }
  const high = even((height * 2) / 3);
  return [
    { x: 0, y: 0, width, height: high },
    { x: 0, y: high, width, height: height - high },
  ];
}

/** It has the shape of the picture. */
function insetArea(picture: Size, { corner, percent }: Inset): Rectangle {
  const width = even((picture.width * percent) / 100);
  const height = even((picture.height * percent) / 100);
  const margin = even((picture.width * MARGIN_PERCENT) / 100);
  return {
    x: corner.endsWith('left') ? margin : picture.width - width - margin,
    y: corner.startsWith('top') ? margin : picture.height - height - margin,
    width,
    height,
  };
}

/** Which part of a source is drawn, and where. */
export interface Crop {
  readonly from: Rectangle;
  readonly to: Rectangle;
}

/** Fits a source into an area without distortion; `null` while it has no size. */
export function fitInto(source: Size, area: Rectangle, fit: Placement['fit']): Crop | null {
  if (!(source.width > 0 && source.height > 0)) return null;
  const whole = { x: 0, y: 0, width: source.width, height: source.height };
  const scales = [area.width / source.width, area.height / source.height];
  if (fit === 'contain') {
    const scale = Math.min(...scales);
    const [width, height] = [source.width * scale, source.height * scale];
    const x = area.x + (area.width - width) / 2;
    const y = area.y + (area.height - height) / 2;
    return { from: whole, to: { x, y, width, height } };
  }
  const scale = Math.max(...scales);
  const [width, height] = [area.width / scale, area.height / scale];
  const from = { x: (source.width - width) / 2, y: (source.height - height) / 2, width, height };
  return { from, to: area };
}
