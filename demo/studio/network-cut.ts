import type { FaultConsole } from '../shared/faults/fault-console.js';
import { simulateOnline } from '../shared/faults/network-switch.js';

/** What a server can do of a network that is gone: no tokens, no new session, and the one there is dropped. */
const cut = { 'tokens.down': true, 'media.down': true, 'ingest.refuse': { retryAfterSeconds: 1 } };
const mended = { 'tokens.down': null, 'media.down': null, 'ingest.refuse': null };

const cutForMs = 10_000;

/** Takes the network away for ten seconds, as far as a page and its server can. */
export async function cutNetwork(faults: FaultConsole, signal: AbortSignal): Promise<void> {
  await faults.set(cut);
  await faults.trigger('ingest.kill');
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
  await faults.set(mended);
  simulateOnline(true);
}
