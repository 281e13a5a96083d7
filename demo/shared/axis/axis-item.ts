import type { AxisPalette, AxisTone } from './axis-palette.js';
import type { AxisView } from './axis-view.js';

/** Something on a lane that can be pointed at. */
export interface AxisItem {
  readonly shape: 'bar' | 'tick' | 'flag' | 'diamond';
  readonly fromMs: number;
  /** `Infinity` while it lasts. */
  readonly toMs: number;
  readonly tone: AxisTone;
  readonly label: string;
  readonly details: string;
  /** Of a token's life: when the next one took over; the rest is drawn pale. */
  readonly usedToMs?: number;
  /** Tokens overlap, so every other one stands higher. */
  readonly isUpper?: boolean;
}

/** Where and how a lane is painted. */
export interface LaneFrame {
  readonly context: CanvasRenderingContext2D;
  readonly view: AxisView;
  readonly width: number;
  readonly nowMs: number;
  readonly palette: AxisPalette;
  readonly top: number;
  readonly height: number;
}
