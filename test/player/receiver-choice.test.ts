import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RECEIVER_WANTED, watchReceiverChoice } from '@gatecast/player/internal/engine/hls/receiver-choice';
import { FakeClock } from '../support/fake-clock.js';

class Media extends EventTarget {
  controls = false;
  webkitCurrentPlaybackTargetIsWireless = false;

  wireless(isWireless: boolean): void {
    this.webkitCurrentPlaybackTargetIsWireless = isWireless;
    this.dispatchEvent(new Event('webkitcurrentplaybacktargetiswirelesschanged'));
  }

  reach(availability: 'available' | 'not-available'): void {
    const event = new Event('webkitplaybacktargetavailabilitychanged');
    this.dispatchEvent(Object.assign(event, { availability }));
  }

  want(): void {
    this.dispatchEvent(new Event(RECEIVER_WANTED));
  }
}

function setUp() {
  const time = new FakeClock();
  const media = new Media();
  const stop = new AbortController();
  const lives: { signal: AbortSignal; refuse: (reason: Error) => void }[] = [];
  const offers: boolean[] = [];
  const seen = { ended: 0, refused: 0 };
  const tryAgain = watchReceiverChoice({
    media,
    clock: time.clock,
    signal: stop.signal,
    open: (signal) => new Promise((refuse) => lives.push({ signal, refuse })),
    onEnded: () => (seen.ended += 1),
    onOffer: (isOffered) => offers.push(isOffered),
    onRefused: () => (seen.refused += 1),
  });
  const open = () => lives.filter(({ signal }) => !signal.aborted).length;
  return { time, media, stop, lives, offers, seen, tryAgain, open };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the address for AirPlay', () => {
  it('is not opened because a receiver is in reach', () => {
    const { media, open, offers } = setUp();
    media.reach('available');
    assert.equal(open(), 0);
    assert.deepEqual(offers, [true]);
  });

  it('is opened when the viewer is about to choose, and ended when no receiver is chosen', async () => {
    const { time, media, open, seen } = setUp();
    media.want();
    media.want();
    assert.equal(open(), 1);
    await time.advance(120_000);
    assert.equal(open(), 0);
    assert.equal(seen.ended, 1);
    assert.equal(time.clock.pending, 0);
  });

  it('stays open while a receiver plays, whatever is in reach, and ends after it', async () => {
    const { time, media, open, lives } = setUp();
    media.want();
    media.wireless(true);
    await time.advance(600_000);
    media.reach('not-available');
    assert.equal(open(), 1);
    media.wireless(false);
    assert.equal(open(), 0);
    media.wireless(true);
    assert.equal(open(), 1);
    assert.equal(lives.length, 2);
  });

  it('is open while a receiver is in reach of the browser’s own controls', () => {
    const { media, open } = setUp();
    media.controls = true;
    media.reach('available');
    assert.equal(open(), 1);
    media.reach('not-available');
    assert.equal(open(), 0);
  });

  it('is not offered after a refusal, until there is another token', async () => {
    const { media, lives, offers, seen, open, tryAgain } = setUp();
    media.want();
    lives[0]?.refuse(new Error('refused'));
    await turn();
    assert.deepEqual(offers, [true, false]);
    assert.equal(seen.refused, 1);
    media.want();
    assert.equal(lives.length, 1);
    tryAgain();
    assert.deepEqual(offers, [true, false, true]);
    media.want();
    assert.equal(open(), 1);
  });

  it('ends with the element, and leaves no timer', () => {
    const { time, media, open, stop, seen } = setUp();
    media.want();
    stop.abort();
    assert.equal(open(), 0);
    assert.equal(seen.ended, 0);
    assert.equal(time.clock.pending, 0);
  });
});
