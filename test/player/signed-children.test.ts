import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RENDITIONS, SignedStream, type RenditionName } from './support/signed-origin.js';

const VARIANTS = ['high', 'mid', 'low'] as const;

async function openAll(stream: SignedStream, names: readonly RenditionName[] = RENDITIONS): Promise<void> {
  await stream.open();
  for (const name of names) await stream.loadPlaylist(name);
}

const countOf = (stream: SignedStream, file: string): number =>
  stream.sent.filter((path) => path.endsWith(file)).length;

describe('the signed addresses of a recording', () => {
  it('are exchanged before they end, for each rendition, although no playlist is reloaded', async () => {
    const stream = new SignedStream({ kind: 'vod' });
    await openAll(stream);
    for (let segment = 0; segment < 20; segment += 1) {
      const variant = VARIANTS[Math.floor(segment / 3) % 3] ?? 'high';
      for (const name of [variant, 'audio', 'subs'] as const) {
        const file = `${String(segment)}.m4s`;
        assert.equal(await stream.loadMedia(name, file), `/s1/${name}/${file}`);
      }
      stream.pass(2000);
    }
    assert.deepEqual(stream.refusals, []);
    // Once for each life of six seconds, and for all renditions together.
    assert.ok(countOf(stream, 'index.m3u8') <= 11, `${countOf(stream, 'index.m3u8')} readings`);
  });

  it('are those of the same init segment and key', async () => {
    const stream = new SignedStream({ kind: 'vod' });
    await openAll(stream, ['mid']);
    stream.pass(7000);
    assert.equal(await stream.loadMedia('mid', 'init.mp4'), '/s1/mid/init.mp4');
    assert.equal(await stream.loadMedia('mid', 'key.bin'), '/s1/mid/key.bin');
    assert.deepEqual(stream.refusals, []);
  });

  it('are read once for requests at the same time, also when the first of them is aborted', async () => {
    const stream = new SignedStream({ kind: 'vod' });
    await openAll(stream, ['mid', 'low']);
    stream.pass(7000);
    stream.sent.length = 0;
    const end = new AbortController();
    const first = stream.loadAddress(stream.addressOf('mid', '0.m4s'), end.signal);
    end.abort();
    await assert.rejects(first, { name: 'AbortError' });
    await Promise.all(
      ['1.m4s', '2.m4s', '3.m4s', 'init.mp4'].flatMap((file) => [
        stream.loadMedia('mid', file),
        stream.loadMedia('low', file),
      ]),
    );
    for (const file of ['index.m3u8', 'mid.m3u8', 'low.m3u8']) assert.equal(countOf(stream, file), 1, file);
    assert.deepEqual(stream.refusals, []);
  });

  it('do not let a request wait while they are good', async () => {
    const stream = new SignedStream({ kind: 'vod' });
    await openAll(stream, ['mid']);
    stream.pass(4500);
    stream.sent.length = 0;
    await stream.loadMedia('mid', '1.m4s');
    assert.equal(stream.sent.includes('s1/mid/1.m4s'), true);
    assert.equal(stream.sent.includes('s1/mid.m3u8'), false, 'the playlist comes later');
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(stream.sent, ['index.m3u8', 's1/mid/1.m4s', 's1/mid.m3u8']);
  });

  it('let a request wait in the last second, because it would arrive after their end', async () => {
    const stream = new SignedStream({ kind: 'vod' });
    await openAll(stream, ['mid']);
    stream.pass(5300);
    stream.sent.length = 0;
    await stream.loadMedia('mid', '1.m4s');
    assert.deepEqual(stream.sent, ['index.m3u8', 's1/mid.m3u8', 's1/mid/1.m4s']);
  });

  it('wait for the next token when the origin hands on the end of the entry', async () => {
    const stream = new SignedStream({ kind: 'vod', ends: 'handed' });
    stream.entryEndMs = stream.nowMs + 6000;
    await openAll(stream, ['mid']);
    stream.sent.length = 0;
    // The token of the page is not new yet, so that another reading brings nothing.
    for (let count = 0; count < 4; count += 1) {
      stream.pass(count === 0 ? 4200 : 200);
      await stream.loadMedia('mid', '1.m4s');
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(countOf(stream, 'index.m3u8'), 1);
    assert.equal(countOf(stream, 'mid.m3u8'), 0);
    stream.version = 2;
    stream.entryEndMs = stream.nowMs + 6000;
    await stream.loadMedia('mid', '1.m4s');
    await new Promise((resolve) => setImmediate(resolve));
    stream.pass(2000);
    await stream.loadMedia('mid', '2.m4s');
    assert.equal(countOf(stream, 'index.m3u8'), 2);
    assert.deepEqual(stream.refusals, []);
  });
});

describe('the signed addresses of a live stream', () => {
  it('are exchanged for each rendition while it plays', async () => {
    const stream = new SignedStream({ kind: 'live' });
    await openAll(stream);
    for (let count = 0; count < 30; count += 1) {
      const variant = VARIANTS[Math.floor(count / 3) % 3] ?? 'high';
      for (const name of [variant, 'audio', 'subs'] as const) {
        await stream.loadPlaylist(name);
        const file = `${String(stream.sequence + 3)}.m4s`;
        assert.equal(await stream.loadMedia(name, file), `/s1/${name}/${file}`);
      }
      stream.pass(2000);
    }
    assert.deepEqual(stream.refusals, []);
    assert.ok(countOf(stream, 'index.m3u8') <= 16, `${countOf(stream, 'index.m3u8')} readings`);
  });

  it('stay in order when the multivariant playlist has another order, and more or fewer variants', async () => {
    const stream = new SignedStream({ kind: 'live' });
    await openAll(stream);
    stream.order = ['low', 'subs', 'audio', 'high'];
    stream.pass(7000);
    for (const name of ['high', 'low', 'audio', 'subs'] as const)
      assert.match(await stream.loadPlaylist(name), new RegExp(`/s1/${name}/`));
    assert.deepEqual(stream.refusals, []);
    // Only the one that is gone fails.
    await assert.rejects(stream.loadPlaylist('mid'), { status: 403 });
    stream.order = ['mid', 'low', 'high', 'audio', 'subs'];
    stream.pass(7000);
    for (const name of RENDITIONS) assert.match(await stream.loadPlaylist(name), new RegExp(`/s1/${name}/`));
  });

  it('keep the names that hls.js compares when the paths of a session change', async () => {
    const stream = new SignedStream({ kind: 'live' });
    await openAll(stream);
    const before = stream.pathIn('mid', 'mid/104.m4s');
    stream.session = 's2';
    stream.pass(7000);
    const text = await stream.loadPlaylist('mid');
    assert.equal(stream.pathIn('mid', 'mid/104.m4s'), before);
    assert.match(text, /\/s2\/mid\/110/);
    assert.equal(await stream.loadMedia('mid', '104.m4s'), '/s2/mid/104.m4s');
    assert.equal(await stream.loadMedia('mid', '110.m4s'), '/s2/mid/110.m4s');
  });

  it('keep the name of the init segment, which hls.js would load again under another', async () => {
    const stream = new SignedStream({ kind: 'live' });
    await openAll(stream, ['mid']);
    const uriIn = (text: string): string | undefined => /EXT-X-MAP:URI="([^"]*)"/.exec(text)?.[1];
    const before = uriIn(await stream.loadPlaylist('mid'));
    for (let count = 0; count < 20; count += 1) {
      stream.pass(2000);
      assert.equal(uriIn(await stream.loadPlaylist('mid')), before);
      assert.equal(await stream.loadMedia('mid', 'init.mp4'), '/s1/mid/init.mp4');
      assert.equal(await stream.loadMedia('mid', 'key.bin'), '/s1/mid/key.bin');
    }
    assert.deepEqual(stream.refusals, []);
  });

  it('are repeated once when the origin refuses them before their end', async () => {
    const stream = new SignedStream({ kind: 'live', life: 600 });
    await openAll(stream, ['mid']);
    stream.epoch = 2;
    assert.equal(await stream.loadMedia('mid', '103.m4s'), '/s1/mid/103.m4s');
    assert.deepEqual(stream.refusals, ['/s1/mid/103.m4s', '/s1/mid.m3u8']);
    await stream.loadPlaylist('mid');
    assert.equal(stream.refusals.length, 2);
  });

  it('stay when another page answers in place of the playlist', async () => {
    const stream = new SignedStream({ kind: 'live' });
    await openAll(stream, ['mid']);
    for (const path of ['/index.m3u8', '/s1/mid.m3u8']) {
      stream.page = path;
      stream.pass(7000);
      await assert.rejects(stream.loadMedia('mid', `${String(stream.sequence)}.m4s`), { status: 403 });
      stream.page = '';
      stream.pass(2500);
      await stream.loadPlaylist('mid');
      const file = `${String(stream.sequence)}.m4s`;
      assert.equal(await stream.loadMedia('mid', file), `/s1/mid/${file}`);
    }
  });

  it('are read again at the pace of retries while the origin is dead', async () => {
    const stream = new SignedStream({ kind: 'vod' });
    await openAll(stream, ['mid']);
    stream.pass(7000);
    stream.isOn = false;
    stream.sent.length = 0;
    for (let count = 0; count < 600; count += 1) {
      await assert.rejects(stream.loadMedia('mid', '5.m4s'), { code: 'source-unreachable' });
      stream.pass(100);
    }
    assert.ok(countOf(stream, 'index.m3u8') <= 21, `${countOf(stream, 'index.m3u8')} in a minute`);
    stream.isOn = true;
    stream.pass(5000);
    assert.equal(await stream.loadMedia('mid', '5.m4s'), '/s1/mid/5.m4s');
    assert.deepEqual(stream.refusals, []);
  });
});

describe('the signed addresses of a low-latency stream', () => {
  it('are exchanged for parts, with blocking reloads, delta updates and rendition reports', async () => {
    const stream = new SignedStream({ kind: 'parts' });
    await openAll(stream, ['mid', 'low', 'audio']);
    const reported = (text: string): string[] =>
      [...text.matchAll(/RENDITION-REPORT:URI="[^"]*\/(\w+)\.m3u8\?([^"]*)"/g)].map(
        ([, name, query]) => `${name} ${query}`,
      );
    const known = reported(await stream.loadPlaylist('mid'));
    for (let count = 0; count < 20; count += 1) {
      const next = stream.sequence + 8;
      for (const name of ['mid', 'audio'] as const) {
        const text = await stream.loadPlaylist(
          name,
          `_HLS_msn=${String(next)}&_HLS_part=0${count % 3 === 1 ? '&_HLS_skip=YES' : ''}`,
        );
        if (name === 'mid') assert.deepEqual(reported(text).slice(0, 1), known.slice(0, 1));
        for (const file of [
          `${String(next - 1)}.0.m4s`,
          `${String(next - 1)}.1.m4s`,
          `${String(next - 2)}.m4s`,
        ])
          assert.equal(await stream.loadMedia(name, file), `/s1/${name}/${file}`);
      }
      stream.pass(2000);
    }
    assert.deepEqual(stream.refusals, []);
    assert.ok(stream.sent.includes('s1/mid.m3u8?msn'));
  });

  it('are exchanged for segments that a delta update leaves out', async () => {
    const stream = new SignedStream({ kind: 'parts' });
    await openAll(stream, ['mid']);
    const kept = stream.addressOf('mid', '103.m4s');
    for (let count = 0; count < 3; count += 1) {
      stream.pass(1000);
      const text = await stream.loadPlaylist('mid', '_HLS_msn=108&_HLS_skip=YES');
      assert.doesNotMatch(text, /mid\/103/);
    }
    stream.pass(4500);
    assert.equal(await stream.loadAddress(kept), '/s1/mid/103.m4s');
    assert.deepEqual(stream.refusals, []);
  });
});

describe('addresses whose end cannot be read', () => {
  it('are read again in the background once, when the page has another token', async () => {
    const stream = new SignedStream({ kind: 'vod', tokens: 'opaque', life: 600 });
    await openAll(stream, ['mid']);
    stream.sent.length = 0;
    await stream.loadMedia('mid', '1.m4s');
    assert.deepEqual(stream.sent, ['s1/mid/1.m4s']);
    stream.version = 2;
    for (let segment = 2; segment < 6; segment += 1) {
      await stream.loadMedia('mid', `${String(segment)}.m4s`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(countOf(stream, 'index.m3u8'), 1);
    assert.equal(countOf(stream, 'mid.m3u8'), 1);
    assert.deepEqual(stream.refusals, []);
  });

  it('are not read again if the origin writes no token', async () => {
    const stream = new SignedStream({ kind: 'vod', tokens: 'none' });
    await openAll(stream, ['mid']);
    stream.sent.length = 0;
    for (let segment = 0; segment < 20; segment += 1) {
      stream.version += 1;
      await stream.loadMedia('mid', `${String(segment)}.m4s`);
      stream.pass(2000);
    }
    assert.equal(stream.sent.length, 20);
  });
});
