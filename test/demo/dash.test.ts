import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { findBoxes } from '../../demo/backend/live-origin/mp4-boxes.js';
import { movableClock, problemOf, startBackend } from './support/running-backend.js';

const clock = movableClock();
const backend = await startBackend({ tokenTtlSeconds: 6, now: clock.now });

async function manifestOf(stream: string): Promise<string> {
  return (await backend.get(`/live/${stream}.mpd`, await backend.token(stream))).text();
}

/** Paths of all files that an MPD names, with its first and last segment number. */
function filesIn(manifest: string): string[] {
  return manifest.split('<AdaptationSet').flatMap((set) => {
    const [, start = '', init = '', media = ''] =
      /startNumber="(\d+)" initialization="([^"]+)" media="([^"]+)"/.exec(set) ?? [];
    const [, repeat = ''] = /<S [^>]* r="(\d+)"\/>/.exec(set) ?? [];
    const ids = [...set.matchAll(/<Representation id="([\w-]+)"/g)].map(([, id = '']) => id);
    const numbers = [Number(start), Number(start) + Number(repeat)];
    return ids.flatMap((id) => {
      const named = [init, ...numbers.map((number) => media.replace('$Number$', String(number)))];
      return named.map((path) => `/live/${path.replace('$RepresentationID$', id)}`);
    });
  });
}

describe('streams as DASH', () => {
  beforeEach(() => backend.reset());

  it('have an MPD whose files are all served to the same token', async () => {
    for (const [stream, representations] of [
      ['demo', 4],
      ['demo-high', 2],
      ['demo-vod', 2],
    ] as const) {
      const token = await backend.token(stream);
      const response = await backend.get(`/live/${stream}.mpd`, token);
      assert.equal(response.headers.get('Content-Type'), 'application/dash+xml');
      assert.equal(response.headers.get('Cache-Control'), 'no-store');
      const files = filesIn(await response.text());
      assert.equal(files.length, representations * 3, stream);
      for (const file of files) {
        assert.equal((await backend.get(file, token)).status, 200, file);
        assert.equal(await problemOf(await fetch(backend.origin + file)), '401 token-missing');
      }
    }
  });

  it('are refused without a token, and to one for another stream', async () => {
    assert.equal(await problemOf(await fetch(`${backend.origin}/live/demo.mpd`)), '401 token-missing');
    const foreign = await backend.token('demo-low');
    assert.equal(await problemOf(await backend.get('/live/demo.mpd', foreign)), '403 token-wrong-stream');
    const token = await backend.token('demo');
    clock.advance(6_000);
    assert.equal(await problemOf(await backend.get('/live/demo.mpd', token)), '403 token-expired');
  });

  it('go on with the clock, at the times that the MPD says', async () => {
    const before = await manifestOf('demo-low');
    clock.advance(4_000);
    const after = await manifestOf('demo-low');
    const first = (text: string): number => Number(/startNumber="(\d+)"/.exec(text)?.[1]);
    assert.equal(first(after), first(before) + 2);
    const [, startS] = /<S t="(\d+)"/.exec(after) ?? [];
    assert.equal(Number(startS), first(after) * 2);
    const [, published = ''] = /publishTime="([^"]+)"/.exec(after) ?? [];
    assert.ok(clock.now() - Date.parse(published) < 2_000);
    const [, startOfMedia = ''] = /availabilityStartTime="([^"]+)"/.exec(after) ?? [];
    assert.equal(Date.parse(startOfMedia) + (Number(startS) + 20) * 1000, Date.parse(published));
  });

  it('have one track in each representation', async () => {
    const token = await backend.token('demo');
    for (const kind of ['video', 'audio']) {
      const init = await backend.get(`/live/demo/dash/low-${kind}/init.mp4`, token);
      const bytes = new Uint8Array(await init.arrayBuffer());
      assert.equal(findBoxes(bytes, 'moov/trak').length, 1);
      assert.equal(findBoxes(bytes, 'moov/mvex/trex').length, 1);
    }
  });

  it('do not exist for streams that only HLS has, nor beyond the window', async () => {
    for (const stream of ['demo-aes', 'demo-ts', 'demo-subs', 'demo-badcodec']) {
      const response = await backend.get(`/live/${stream}.mpd`, await backend.token(stream));
      assert.equal(await problemOf(response), '404 not-found');
    }
    const token = await backend.token('demo');
    for (const file of ['low-video/1.m4s', 'low-text/init.mp4', 'tiny-video/init.mp4', 'low-video/init.m4s'])
      assert.equal((await backend.get(`/live/demo/dash/${file}`, token)).status, 404, file);
  });

  it('are rejected by faults, by the kind of the file', async () => {
    const token = await backend.token('demo');
    await backend.fault({ media: { reject: { stream: 'demo', kind: 'playlist', count: 1 } } });
    assert.equal((await backend.get('/live/demo/dash/low-video/init.mp4', token)).status, 200);
    assert.equal((await backend.get('/live/demo.mpd', token)).status, 403);
    assert.equal((await backend.get('/live/demo.mpd', token)).status, 200);
    const kinds = (await backend.log())
      .filter(({ path }) => path.startsWith('/live/'))
      .map(({ kind }) => kind);
    assert.deepEqual(kinds, ['init', 'playlist', 'playlist']);
  });
});
