import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { FetchedItem, Item } from './fetch-item.js';
import { keepItem } from './keep-item.js';

const START_MS = 1_000_000;
const item = (token: string): Item => ({ headers: {}, token, query: {}, path: '', url: '', expiresAt: 0 });

/** A page whose endpoint answers `t1`, `t2`, … with a life of eight seconds, or fails. */
function page(test: TestContext) {
  test.mock.timers.enable({ apis: ['Date'], now: START_MS });
  const asked: string[] = [];
  const endpoint = { isDown: false };
  const kept = keepItem(async (reason): Promise<FetchedItem> => {
    asked.push(reason);
    if (endpoint.isDown) throw new Error('The token endpoint answered 503.');
    return { item: item(`t${asked.length}`), lifeMs: 8000, endsAtMs: Date.now() + 8000 };
  });
  return {
    kept,
    asked,
    endpoint,
    at: (seconds: number) => test.mock.timers.setTime(START_MS + seconds * 1000),
  };
}

describe('the hand-written page', () => {
  it('fetches one item for all who wait, and again when it has ended', async (test) => {
    const { kept, asked, at } = page(test);
    const both = await Promise.all([kept.current(), kept.current()]);
    assert.deepEqual(
      both.map(({ token }) => token),
      ['t1', 't1'],
    );
    at(7.999);
    assert.equal((await kept.current()).token, 't1');
    at(8);
    assert.equal((await kept.current()).token, 't2');
    assert.deepEqual(asked, ['initial', 'initial']);
  });

  it('renews in the last quarter of a life, and a refused item at once', async (test) => {
    const { kept, asked, at } = page(test);
    kept.check();
    await kept.current();
    at(5.9);
    kept.check();
    assert.deepEqual(asked, ['initial']);
    at(6);
    kept.check();
    kept.check();
    await kept.renew('rejected');
    assert.deepEqual(asked, ['initial', 'scheduled']);
    assert.equal((await kept.renew('rejected')).token, 't3');
  });

  it('asks a failed endpoint again after two seconds', async (test) => {
    const { kept, asked, endpoint, at } = page(test);
    await kept.current();
    endpoint.isDown = true;
    for (const seconds of [6, 6.5, 7.9, 8]) {
      at(seconds);
      kept.check();
      await new Promise(setImmediate);
    }
    assert.deepEqual(asked, ['initial', 'scheduled', 'scheduled']);
    await assert.rejects(kept.current());
    endpoint.isDown = false;
    assert.equal((await kept.current()).token, 't5');
  });
});
