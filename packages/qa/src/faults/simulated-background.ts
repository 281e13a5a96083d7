/** Total time by which `Date.now` was moved ahead. */
let driftedMs = 0;
const realNow = Date.now.bind(Date);

/** How far this page's clock is ahead of the device's clock because of {@link simulateBackground}. */
export function simulatedDriftMs(): number {
  return driftedMs;
}

export interface BackgroundOptions {
  /** Jump of the clock while the page is hidden. */
  readonly driftMs: number;
  /** Real time for which the page is hidden. */
  readonly heldMs: number;
  readonly wait: (durationMs: number) => Promise<void>;
}

/**
 * Simulates sleep of the device: hides the page, moves its clock ahead, and shows the page again. Unlike in real sleep,
 * timers and network continue.
 */
export async function simulateBackground({ driftMs, heldMs, wait }: BackgroundOptions): Promise<void> {
  setVisibility('hidden');
  try {
    await wait(heldMs);
  } finally {
    // The clock stays ahead, because a clock that goes back would not be realistic.
    driftedMs += driftMs;
    Date.now = () => realNow() + driftedMs;
    setVisibility(null);
  }
}

function setVisibility(state: DocumentVisibilityState | null): void {
  if (state === null) {
    Reflect.deleteProperty(document, 'visibilityState');
    Reflect.deleteProperty(document, 'hidden');
  } else {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => state === 'hidden' });
  }
  document.dispatchEvent(new Event('visibilitychange'));
}
