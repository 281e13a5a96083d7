import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { watchSource } from '@gatecast/webcaster/internal/capture/source-watch';
import { FakeClock } from '../../support/fake-clock.js';

class FakeTrack extends EventTarget {
  muted = false;

  fire(type: 'mute' | 'unmute' | 'ended'): void {
    this.muted = type === 'mute' || (this.muted && type !== 'unmute');
    this.dispatchEvent(new Event(type));
  }
}

function setUp(isMuted = false) {
  const fake = new FakeClock();
  const track = Object.assign(new FakeTrack(), { muted: isMuted });
  const controller = new AbortController();
  const events: string[] = [];
  watchSource(
    track as never,
    { onLost: (loss) => events.push(loss), onBack: () => events.push('back') },
    { clock: fake.clock, signal: controller.signal },
  );
  return { fake, track, events, controller };
}

describe('watchSource', () => {
  it('reports a track that ended at once', () => {
    const { track, events, fake } = setUp();
    track.fire('ended');
    assert.deepEqual(events, ['ended']);
    assert.equal(fake.clock.pending, 0);
  });

  it('reports a track that ended before it was followed, unless that is over', async () => {
    const events: string[] = [];
    const follow = (controller: AbortController): void =>
      watchSource(
        Object.assign(new FakeTrack(), { readyState: 'ended' }) as never,
        { onLost: (loss) => events.push(loss), onBack: () => undefined },
        { clock: new FakeClock().clock, signal: controller.signal },
      );
    const over = new AbortController();
    follow(over);
    over.abort();
    follow(new AbortController());
    assert.deepEqual(events, []);
    await Promise.resolve();
    assert.deepEqual(events, ['ended']);
  });

  it('reports a track that is muted for a second, and its return', async () => {
    const { track, events, fake } = setUp();
    track.fire('mute');
    await fake.advance(900);
    assert.deepEqual(events, []);
    await fake.advance(200);
    track.fire('unmute');
    assert.deepEqual(events, ['muted', 'back']);
  });

  it('does not report a short mute', async () => {
    const { track, events, fake } = setUp();
    track.fire('mute');
    await fake.advance(500);
    track.fire('unmute');
    await fake.advance(5000);
    assert.deepEqual(events, []);
    assert.equal(fake.clock.pending, 0);
  });

  it('gives a camera three seconds for its first frame', async () => {
    const { track, events, fake } = setUp(true);
    await fake.advance(2900);
    assert.deepEqual(events, []);
    await fake.advance(200);
    assert.deepEqual(events, ['muted']);
    track.fire('unmute');
    assert.deepEqual(events, ['muted', 'back']);
  });

  it('reports nothing after it was ended', async () => {
    const { track, events, fake, controller } = setUp();
    track.fire('mute');
    controller.abort();
    track.fire('ended');
    await fake.advance(5000);
    assert.deepEqual(events, []);
    assert.equal(fake.clock.pending, 0);
  });
});
