import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakePeer } from '../support/fake-whep-peer.js';
import { setUpWhep } from '../support/whep-world.js';

/** Plays, and notes the events of the media element that say whether it plays. */
async function play() {
  const world = setUpWhep();
  const events: string[] = [];
  for (const type of ['waiting', 'playing']) world.video.addEventListener(type, () => events.push(type));
  void world.engine.load();
  await world.fake.advance(6000);
  const flow = (isFlowing: boolean) => Object.assign(FakePeer.open[0] ?? {}, { isFlowing });
  /** Is this event held back? Browsers call a capturing listener of the target first, Node does not. */
  const isHeld = () => {
    let isStopped = false;
    const stopImmediatePropagation = () => void (isStopped = true);
    world.video.dispatchEvent(Object.assign(new Event('timeupdate'), { stopImmediatePropagation }));
    return isStopped;
  };
  const wait = async (seconds: number) => {
    for (let step = 0; step < seconds * 4; step += 1) await world.fake.advance(250);
  };
  return { ...world, events, flow, isHeld, wait };
}

describe('a picture of WHEP that stands still', () => {
  it('is seen by the page, and that it goes on', async () => {
    const { events, flow, isHeld, fake, wait, destroy } = await play();
    flow(false);
    await wait(1);
    assert.deepEqual([events, isHeld()], [[], false]);
    await wait(2);
    assert.deepEqual([events, isHeld()], [['waiting'], true]);
    flow(true);
    await wait(1.5);
    assert.deepEqual([events, isHeld()], [['waiting', 'playing'], false]);
    await destroy();
    assert.equal(fake.clock.pending, 0);
  });

  it('is not one that has a packet each second or two', async () => {
    const { events, flow, wait, destroy } = await play();
    for (let round = 0; round < 5; round += 1) {
      flow(false);
      await wait(1);
      flow(true);
      await wait(1.5);
    }
    assert.deepEqual(events, []);
    await destroy();
  });

  it('waits until another session is shown in place of a lost one', async () => {
    const { events, fake, destroy } = await play();
    FakePeer.open[0]?.end();
    await fake.advance(0);
    assert.deepEqual(events, ['waiting']);
    await fake.advance(1000);
    assert.deepEqual(events, ['waiting', 'playing']);
    await destroy();
    assert.equal(fake.clock.pending, 0);
  });

  it('is nothing to say while playback is paused or another engine plays', async () => {
    for (const change of [{ paused: true }, { srcObject: null }]) {
      const { events, flow, fake, video, destroy } = await play();
      Object.assign(video, change);
      flow(false);
      await fake.advance(4000);
      flow(true);
      await fake.advance(2000);
      assert.deepEqual(events, []);
      await destroy();
    }
  });
});
