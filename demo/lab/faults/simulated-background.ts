/** How far this page's clock was moved ahead. */
let driftedMs = 0;
const realNow = Date.now.bind(Date);

/** How far this page's clock is ahead of the device's, because of simulated nights and naps. */
export function simulatedDriftMs(): number {
  return driftedMs;
}

export interface BackgroundOptions {
  /** By how much the clock jumps while the page believes that nobody sees it. */
  readonly driftMs: number;
  /** How long it believes so, really. */
  readonly heldMs: number;
  readonly wait: (durationMs: number) => Promise<void>;
}

/**
 * Tells a page that it is hidden, moves its clock, and tells it that it is seen again: what a machine's sleep looks
 * like from inside. Timers and network are left alone, which a browser might not do.
 */
export async function simulateBackground({ driftMs, heldMs, wait }: BackgroundOptions): Promise<void> {
  setVisibility('hidden');
  try {
    await wait(heldMs);
  } finally {
    // It stays: time that has passed does not come back.
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
