import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventRecorder, FakeTokenBackend, seededRandom } from '../support/fake-token-backend.js';

/** A manager with a stream that is well, and one that the backend refuses from a time on. */
async function setUp({ lifeSeconds = 20, seed = 3, hasTokens = true } = {}) {
  const backend = new FakeTokenBackend();
  backend.lifeSeconds = lifeSeconds;
  backend.latencyMs = 30;
  const manager = backend.manager(seededRandom(seed));
  const recorder = new EventRecorder();
  manager.lease({ streams: ['well', 'bad'], onEvent: recorder.onEvent });
  const start = () => {
    for (const stream of ['well', 'bad']) manager.get(stream).catch(() => undefined);
  };
  if (hasTokens) {
    start();
    await backend.time.advance(1000);
  }
  /** Lets time pass. Returns the milliseconds that the stream which is well has had no token. */
  const missingMs = async (spanMs: number): Promise<number> => {
    let sumMs = 0;
    for (let left = spanMs; left > 0; left -= 200) {
      await backend.time.advance(200);
      if (!manager.peek('well')) sumMs += 200;
    }
    return sumMs;
  };
  const refuse = (status: number): void => {
    backend.answer = ({ streams }, usual) =>
      streams.includes('bad') ? new Response(null, { status }) : usual();
  };
  return { backend, time: backend.time, manager, recorder, start, missingMs, refuse };
}

const unavailable = (): Response => new Response(null, { status: 503 });

describe('a stream whose token the backend refuses', () => {
  for (const status of [400, 403, 404])
    for (const lifeSeconds of [20, 60])
      it(`leaves the other one its tokens of ${lifeSeconds} s: ${status}`, async () => {
        const { missingMs, refuse, backend } = await setUp({ lifeSeconds });
        refuse(status);
        // The tokens end at different times, so the requests are joined in many ways.
        const ms = await missingMs(300_000);
        assert.ok(ms <= 400, `${ms} ms without a token`);
        assert.ok(backend.requests.length < 5 * 13 + 20, `${backend.requests.length} requests`);
      });

  for (const outageMs of [2000, 5000, 9000, 14_000, 19_000, 30_000])
    for (const status of [403, 404])
      it(`leaves it alone after an outage of ${outageMs} ms: ${status}`, async () => {
        const { time, manager, missingMs, refuse, backend } = await setUp();
        backend.answer = unavailable;
        time.sleep(20_000);
        await time.advance(outageMs);
        refuse(status);
        await missingMs(12_000);
        assert.equal(manager.status('well').state, 'fresh');
        assert.equal(await missingMs(60_000), 0);
      });

  for (const failures of [1, 2, 3, 4, 5])
    it(`does not end the other one if neither has had a token, after ${failures} failures`, async () => {
      const { time, manager, start, refuse, backend } = await setUp({ hasTokens: false });
      let left = failures;
      backend.answer = () => {
        left -= 1;
        if (left === 0) refuse(404);
        return unavailable();
      };
      start();
      await time.advance(60_000);
      assert.equal(manager.status('well').state, 'fresh');
      assert.equal(manager.status('bad').state, 'failed');
    });

  it('leaves the other one its tokens if the two have failed a different number of times', async () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const { time, manager, refuse, backend } = await setUp({ seed });
      refuse(404);
      // Only one has failed yet.
      await time.advance(21_000 + seed * 2000);
      backend.answer = unavailable;
      await time.advance(25_000);
      refuse(404);
      await time.advance(25_000);
      assert.equal(manager.status('well').state, 'fresh', `seed ${seed}`);
    }
  });
});
