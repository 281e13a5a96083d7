import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakePeer } from '../support/fake-whep-peer.js';
import { setUpWhep } from '../support/whep-world.js';

/** Plays with tokens of ten seconds, each of which is renewed half a second before its end. */
async function play() {
  const world = setUpWhep();
  void world.engine.load();
  await world.fake.advance(200);
  let nextEndMs = world.fake.wallMs + 9800;
  const sessions = () => FakePeer.all.length;
  /** Goes on until the end of the next token. `end`: the server ends the session then. */
  const token = async (end: 'ended' | 'lost' | null) => {
    await world.fake.advance(nextEndMs - 500 - world.fake.wallMs);
    await world.tokens.renew();
    await world.fake.advance(nextEndMs - world.fake.wallMs);
    nextEndMs += 9500;
    const peer = FakePeer.open.at(-1);
    if (end === 'ended') peer?.end();
    if (end === 'lost') peer?.change('failed');
    await world.fake.advance(1000);
  };
  return { ...world, sessions, token };
}

describe('WHEP server and the end of a token', () => {
  it('replaces sessions ahead once two in a row were ended with their tokens', async () => {
    const world = await play();
    await world.token('ended');
    assert.equal(world.sessions(), 2);
    await world.token('ended');
    assert.equal(world.sessions(), 3);
    await world.token(null);
    assert.equal(world.sessions(), 4);
    assert.equal(world.engine.isStill, false);
    await world.destroy();
  });

  it('learns nothing from a connection that is lost at that time, or from one such end', async () => {
    const world = await play();
    await world.token('lost');
    await world.token('ended');
    const before = world.sessions();
    for (let round = 0; round < 4; round += 1) await world.token(null);
    assert.equal(world.sessions(), before);
    await world.destroy();
  });

  it('tries after ten renewals whether sessions may go on, and unlearns it', async () => {
    const world = await play();
    await world.token('ended');
    await world.token('ended');
    for (let round = 0; round < 12; round += 1) await world.token(null);
    const before = world.sessions();
    assert.ok(before >= 12 && before <= 13, String(before));
    for (let round = 0; round < 6; round += 1) await world.token(null);
    assert.equal(world.sessions(), before);
    await world.destroy();
  });
});
