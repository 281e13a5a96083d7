import type { AxisPalette, AxisTone } from './axis-palette.js';
import type { AxisView } from './axis-view.js';

/** An item in a lane of the time axis. The user can select it to see its details. */
export interface AxisItem {
  readonly shape: 'bar' | 'tick' | 'flag' | 'diamond';
  readonly fromMs: number;
  /** `Infinity` while it has not ended. */
  readonly toMs: number;
  readonly tone: AxisTone;
  readonly label: string;
  readonly details: string;
  /** Time when the next token replaced this one. The rest of its lifetime has a paler colour. */
  readonly usedToMs?: number;
  /** Whether the item is in the upper row. Lifetimes of tokens overlap, so tokens alternate between two rows. */
  readonly isUpper?: boolean;
}

/** Canvas, position and view for painting a lane. */
export interface LaneFrame {
  readonly context: CanvasRenderingContext2D;
  readonly view: AxisView;
  readonly width: number;
  readonly nowMs: number;
  readonly palette: AxisPalette;
  readonly top: number;
  readonly height: number;
}
