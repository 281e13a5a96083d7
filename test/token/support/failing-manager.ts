import type { GatecastError } from '@gatecast/token';
import { EventRecorder, FakeTokenBackend, seededRandom } from '../../support/fake-token-backend.js';

/** A manager with one lease, on a backend that can fail. */
export async function setUp(lifeSeconds = 30, seed = 1) {
  const backend = new FakeTokenBackend();
  backend.lifeSeconds = lifeSeconds;
  const manager = backend.manager(seededRandom(seed));
  const recorder = new EventRecorder();
  const lease = manager.lease({ streams: ['a'], onEvent: recorder.onEvent });
  const start = async () => {
    const first = manager.get('a');
    first.catch(() => undefined);
    await backend.time.advance(10);
    return first;
  };
  return { backend, time: backend.time, manager, recorder, lease, start };
}

/** The error of a promise; `undefined` if it has none. */
export const swallow = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as GatecastError,
  );
