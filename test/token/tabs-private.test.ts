import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FakeTokenBackend } from '../support/fake-token-backend.js';
import type { FakeTab } from './support/fake-tabs.js';
import { useTabs } from './support/open-tabs.js';

const setUp = useTabs();

/** Lets time pass. Returns the milliseconds without a token of `a`. */
async function missingMs({ time }: FakeTokenBackend, tab: FakeTab, spanMs = 120_000): Promise<number> {
  let sumMs = 0;
  for (let left = spanMs; left > 0; left -= 200) {
    await time.advance(200);
    if (tab.value('a') === undefined) sumMs += 200;
  }
  return sumMs;
}

describe('a stream of one tab that the backend refuses', () => {
  for (const status of [400, 403, 404])
    for (const count of [1, 20])
      it(`leaves another tab its tokens: ${status}, of ${count}`, async () => {
        for (const lifeSeconds of [6, 20]) {
          const { backend, time, open } = setUp(0);
          backend.lifeSeconds = lifeSeconds;
          backend.latencyMs = 30;
          const one = open({ streams: ['a'] });
          const two = open({ streams: Array.from({ length: count }, (_, index) => `b${index}`) });
          for (const tab of [one, two]) tab.start();
          await time.advance(1000);
          backend.answer = ({ streams }, usual) =>
            streams.includes('b0') ? new Response(null, { status }) : usual();
          assert.equal(await missingMs(backend, one), 0);
          assert.deepEqual(one.recorder.failed, []);
          // The refused stream of the other tab is refused there, and the rest is well.
          assert.ok(two.recorder.failed.every(({ stream }) => stream === 'b0'));
        }
      });
});
