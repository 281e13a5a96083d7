import { GatecastError } from '@gatecast/token';
import { PICTURE_LAYOUTS, type PictureLayout } from './layout-names.js';
import { readOverlays, type CheckedOverlay } from './overlay.js';
import { parseInset, type Inset } from './picture-layout.js';

/** Options of the picture that may hold anything. */
export interface UncheckedOptions {
  readonly layout: unknown;
  readonly inset: unknown;
  readonly overlay: unknown;
}

/** The last valid value of each option, so that a mistake in one holds back no change of another one, or the slate. */
export class CheckedOptions {
  layout: PictureLayout = 'picture-in-picture';
  inset: Inset = parseInset('bottom-right');
  overlays: readonly CheckedOverlay[] = [];
  /** The first option that is invalid now; `null` without one. */
  problem: GatecastError | null = null;

  /** Never throws. */
  read({ layout, inset, overlay }: UncheckedOptions): void {
    this.problem = null;
    this.#attempt(() => {
      this.layout = readLayout(layout);
    });
    this.#attempt(() => {
      this.inset = parseInset(String(inset));
    });
    this.#attempt(() => {
      this.overlays = readOverlays(overlay);
    });
  }

  #attempt(read: () => void): void {
    try {
      read();
    } catch (error) {
      this.problem ??= error instanceof GatecastError ? error : unreadable(error);
    }
  }
}

function readLayout(value: unknown): PictureLayout {
  const layout = PICTURE_LAYOUTS.find((name) => name === value);
  if (layout) return layout;
  throw new GatecastError('settings-invalid', 'The attribute layout has an unknown value.', {
    hint: `Set layout to one of: ${PICTURE_LAYOUTS.join(', ')}.`,
  });
}

/** The page's own code failed while an option was read, for example in a getter. */
function unreadable(cause: unknown): GatecastError {
  return new GatecastError('settings-invalid', 'An option of the picture cannot be read.', {
    hint: 'Check overlay, layout and inset.',
    cause,
  });
}
