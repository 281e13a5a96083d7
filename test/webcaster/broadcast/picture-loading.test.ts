import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventLog } from '@gatecast/element';
import { lazyPart } from '@gatecast/token';
import { PictureLoading } from '@gatecast/webcaster/internal/broadcast/picture-loading';
import { FakeClock } from '../../support/fake-clock.js';

function rig() {
  const time = new FakeClock();
  const seen: string[] = [];
  const network = { works: false, requests: 0 };
  const load = lazyPart(
    'Picture',
    () => {
      network.requests += 1;
      return network.works ? Promise.resolve('code') : Promise.reject(new TypeError('Failed to fetch'));
    },
    { code: 'publisher-load-failed', clock: time.clock, random: () => 0.5 },
  );
  const loading = new PictureLoading({
    log: new EventLog(),
    load,
    onLoaded: () => Promise.resolve(void seen.push('loaded')),
    onFailing: ({ code }) => seen.push(code),
    onError: (error) => seen.push(String(error)),
    onEnd: () => seen.push('end'),
  });
  return { time, seen, network, loading };
}

describe('PictureLoading', () => {
  it('goes on until the code is there, with waits, and says once that it fails', async (t) => {
    t.mock.method(console, 'warn', () => undefined);
    const { time, seen, network, loading } = rig();
    loading.start();
    loading.start();
    await time.advance(60_000);
    assert.ok(network.requests > 3 && network.requests <= 20, String(network.requests));
    assert.deepEqual(seen, ['publisher-load-failed']);
    network.works = true;
    await time.advance(10_000);
    assert.deepEqual(seen, ['publisher-load-failed', 'loaded', 'end']);
    assert.deepEqual([loading.isRunning, time.timerCount], [false, 0]);
  });

  it('ends when the picture is no longer wanted, and can begin again', async (t) => {
    t.mock.method(console, 'warn', () => undefined);
    const { time, seen, network, loading } = rig();
    loading.start();
    await time.advance(100);
    loading.stop();
    await time.advance(60_000);
    assert.deepEqual([network.requests, time.timerCount, seen], [1, 0, ['end']]);
    network.works = true;
    loading.start();
    await time.advance(10_000);
    assert.deepEqual(seen, ['end', 'loaded', 'end']);
  });
});
