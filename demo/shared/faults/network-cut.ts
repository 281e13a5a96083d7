import type { FaultController } from './fault-controller.js';
import { simulateOnline } from '@gatecast/qa/internal/faults/network-switch';

/** Faults that simulate a lost network: no tokens, no media and no new sessions. Open sessions are ended, too. */
const cut = {
  'tokens.down': true,
  'media.down': true,
  'ingest.refuse': { retryAfterSeconds: 1 },
  'whep.refuse': { status: 503, retryAfterSeconds: 1 },
};
const restored = Object.fromEntries(Object.keys(cut).map((path) => [path, null]));

const cutForMs = 10_000;

/** Simulates a lost network for ten seconds. */
export async function cutNetwork(faults: FaultController, signal: AbortSignal): Promise<void> {
  await faults.set(cut);
  await faults.trigger('ingest.kill');
  await faults.trigger('whep.kill');
  simulateOnline(false);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, cutForMs);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
  await faults.set(restored);
  simulateOnline(true);
}
