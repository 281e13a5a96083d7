import assert from 'node:assert/strict';
import { createDecipheriv } from 'node:crypto';
import { describe, it } from 'node:test';
import { liveWindowAt, timelineStartMs } from '../../demo/backend/live-origin/live-timeline.js';
import { movableClock, startBackend } from './support/running-backend.js';

/** An instant in the last seconds of a loop. */
const clock = movableClock(Date.UTC(2026, 5, 1, 12, 0, 50));
const backend = await startBackend({ tokenTtlSeconds: 3_600, now: clock.now });

function sequencesIn(playlist: string): number[] {
  return [...playlist.matchAll(/^[\w/-]+?(\d+)\.\w+$/gm)].map((match) => Number(match[1]));
}

describe('the live window', () => {
  it('depends only on the wall clock, so that every instance lists the same segments', () => {
    const atMs = timelineStartMs + 1_000_000;
    assert.deepEqual(liveWindowAt(atMs), { first: 490, last: 499, oldest: 479 });
    assert.deepEqual(liveWindowAt(atMs + 1_999), liveWindowAt(atMs));
    assert.equal(liveWindowAt(atMs + 2_000).last, 500);
  });

  it('slides by one segment every two seconds, also across the end of the clip', async () => {
    const token = await backend.token('demo-low');
    let before: number[] | undefined;
    for (let step = 0; step < 40; step++) {
      const text = await (await backend.get('/live/demo-low.m3u8', token)).text();
      const sequences = sequencesIn(text);
      const [first = 0] = sequences;
      assert.deepEqual(
        sequences,
        Array.from({ length: 10 }, (_, index) => first + index),
      );
      assert.match(text, new RegExp(`#EXT-X-MEDIA-SEQUENCE:${first}\n`));
      assert.doesNotMatch(text, /DISCONTINUITY|ENDLIST/);
      if (before) assert.equal(first, (before[0] ?? 0) + 1);
      before = sequences;
      clock.advance(2_000);
    }
  });

  it('dates a segment by the second burnt into its picture', async () => {
    const token = await backend.token('demo-low');
    const text = await (await backend.get('/live/demo-low.m3u8', token)).text();
    const [, date = ''] = /PROGRAM-DATE-TIME:(\S+)\n#EXTINF:2.000,\n/.exec(text) ?? [];
    const [first = 0] = sequencesIn(text);
    assert.equal(new Date(date).getUTCSeconds(), (first % 30) * 2);
  });

  it('serves a segment until one playlist length after it is listed, and none before its time', async () => {
    const token = await backend.token('demo-low');
    const { first, last, oldest } = liveWindowAt(clock.now());
    const statusOf = async (sequence: number): Promise<number> =>
      (await backend.get(`/live/demo-low/${sequence}.m4s`, token)).status;
    assert.deepEqual(await Promise.all([first, last, oldest].map(statusOf)), [200, 200, 200]);
    assert.deepEqual(await Promise.all([oldest - 1, last + 1, 0].map(statusOf)), [404, 404, 404]);
  });

  it('encrypts encrypted streams with the sequence number as initialisation vector', async () => {
    const token = await backend.token('demo-aes');
    const { last } = liveWindowAt(clock.now());
    const bytes = async (file: string): Promise<Buffer> =>
      Buffer.from(await (await backend.get(`/live/demo-aes/${file}`, token)).arrayBuffer());
    const vector = Buffer.alloc(16);
    vector.writeBigUInt64BE(BigInt(last), 8);
    const decipher = createDecipheriv('aes-128-cbc', await bytes('segment.key'), vector);
    const plain = Buffer.concat([decipher.update(await bytes(`${last}.m4s`)), decipher.final()]);
    assert.equal(plain.toString('latin1', 4, 8), 'moof');
  });

  it('maps captions to the media clock', async () => {
    const token = await backend.token('demo-subs');
    const { last } = liveWindowAt(clock.now());
    const text = await (await backend.get(`/live/demo-subs/captions/${last}.vtt`, token)).text();
    assert.match(text, new RegExp(`MPEGTS:${(last * 180_000) % 2 ** 33}\n`));
    assert.match(text, new RegExp(`00:00:00.000 --> 00:00:01.000\nSecond ${(last * 2) % 60} of`));
  });
});
