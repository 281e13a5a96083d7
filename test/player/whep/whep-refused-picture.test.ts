import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FakePeer } from '../support/fake-whep-peer.js';
import { setUpWhep, type WorldOptions } from '../support/whep-world.js';

const ANSWER =
  'v=0\r\nm=audio 9 X 111\r\na=mid:0\r\na=ice-ufrag:s\r\na=ice-pwd:t\r\nm=video 0 X 96\r\na=mid:1\r\na=bundle-only\r\n';

/** Plays where the server takes the sound of the offer, and refuses its picture. */
async function play(
  options: Pick<WorldOptions, 'options' | 'hls' | 'needsPicture'>,
  picture: typeof FakePeer.picture = 'stopped',
) {
  const headers = { 'Content-Type': 'application/sdp', Location: '/session/1' };
  const world = setUpWhep({
    ...options,
    reply: ({ method }) => (method === 'POST' ? new Response(ANSWER, { status: 201, headers }) : undefined),
  });
  FakePeer.kinds = ['audio'];
  FakePeer.picture = picture;
  void world.engine.load();
  // The code that checks options is loaded first, where a page has some: by no clock of the test.
  while (world.sent.length === 0) await setImmediate();
  await world.fake.advance(2000);
  return world;
}

describe('a WHEP server that refuses the picture of an offer', () => {
  const hls = 'https://media.example/live/demo.m3u8';
  const needsPicture = (): boolean => true;

  for (const picture of ['stopped', 'inactive'] as const)
    it(`leaves the stream to HLS, which may have one, and has no session: ${picture}`, async () => {
      const world = await play({ needsPicture, hls }, picture);
      assert.deepEqual(world.errors(), ['codec-unsupported']);
      assert.deepEqual(world.lines(), ['POST /whep/demo', 'DELETE /session/1']);
      assert.equal(FakePeer.open.length, 0);
      await world.destroy();
    });

  it('is one whose answer the browser understands so: port 0 of a bundle is none', async () => {
    const world = await play({ needsPicture, hls }, 'recvonly');
    assert.deepEqual([world.errors(), world.types().includes('entry')], [[], true]);
    await world.destroy();
  });

  for (const [what, options] of [
    ['there is no HLS', { needsPicture }],
    ['no other engine may have it', { needsPicture: () => false, hls }],
    ['the page has chosen WHEP', { hls }],
  ] as const)
    it(`is heard where ${what}`, async () => {
      const world = await play(options);
      assert.deepEqual([world.errors(), world.types().includes('entry')], [[], true]);
      await world.destroy();
    });

  it('is not asked for one if the page says that there is none', async () => {
    const world = await play({ needsPicture, options: { whepConfig: { audioOnly: true } }, hls });
    assert.deepEqual([world.errors(), world.types().includes('entry')], [[], true]);
    const kinds = FakePeer.all[0]?.getTransceivers().map(({ receiver }) => receiver.track.kind);
    assert.deepEqual(kinds, ['audio']);
    await world.destroy();
  });
});
