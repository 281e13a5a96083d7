import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeptPlaylists } from '@gatecast/player/internal/engine/hls/kept-playlists';
import { RequestGuard } from '@gatecast/player/internal/engine/hls/request-guard';
import { RequestPace } from '@gatecast/player/internal/engine/hls/request-pace';
import { GatecastError, type MediaResponse } from '@gatecast/token';
import { LoaderContextType, type LoaderContext } from 'hls.js';
import { FakeClock } from '../support/fake-clock.js';

const LEVEL = { url: 'https://media.example/low.m3u8', type: LoaderContextType.LEVEL, responseType: 'text' };
const MANIFEST = { ...LEVEL, type: LoaderContextType.MANIFEST };
const SEGMENT = {
  url: 'https://media.example/7.ts',
  type: LoaderContextType.MEDIA_FRAGMENT,
  responseType: 'arraybuffer',
  frag: { type: 'main' },
};
const PLAYLIST = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:7\n#EXTINF:2,\n7.ts\n';

const notFound = new GatecastError('source-not-found', 'There is nothing.', { hint: '', status: 404 });
const timeout = new DOMException('', 'TimeoutError');

function answer(data: unknown, url = LEVEL.url): MediaResponse {
  return { url, status: 200, data, headers: new Headers(), timing: { startMs: 0, firstByteMs: 0, endMs: 0 } };
}

const CONFIG = {
  loadPolicy: { maxTimeToFirstByteMs: 0, maxLoadTimeMs: 0, timeoutRetry: null, errorRetry: null },
};

function createGuard({ hasAlternative = false } = {}) {
  const time = new FakeClock();
  const now = () => time.wallMs;
  const guard = new RequestGuard({
    hasAlternative: () => hasAlternative,
    clock: time.clock,
    pace: new RequestPace({ now, random: () => 0 }),
    kept: new KeptPlaylists(now),
  });
  const controller = new AbortController();
  const sent: number[] = [];
  const startMs = time.wallMs;
  /** Sends a request that has a result, or fails with it. */
  const request = (context: LoaderContext, result: MediaResponse | Error) =>
    guard
      .run(context, CONFIG, controller.signal, () => {
        sent.push(time.wallMs - startMs);
        return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
      })
      .then(
        (response) => response.data,
        (error: unknown) => error,
      );
  return { guard, time, controller, sent, request };
}

describe('the requests of hls.js', () => {
  it('wait if a segment is requested again that has come, and was not buffered meanwhile', async () => {
    const { guard, time, sent, request } = createGuard();
    const segment = { ...SEGMENT, frag: { type: 'main', url: SEGMENT.url, sn: 7 } };
    const load = async (): Promise<void> => {
      const before = sent.length;
      const loaded = request(segment, answer(new ArrayBuffer(8)));
      while (sent.length === before) await time.advance(5);
      await loaded;
    };
    for (let times = 0; times < 8; times += 1) {
      await load();
      await time.advance(5000 * (times + 1) - (sent.at(-1) ?? 0));
    }
    assert.ok(
      sent.every((atMs, index) => atMs - 5000 * index < 10),
      `a slow loop does not wait: ${sent.join()}`,
    );
    guard.used(segment.frag);
    sent.length = 0;
    const startMs = time.wallMs;
    while (time.wallMs - startMs < 10_000) await load();
    assert.ok(sent.length <= 14, `${sent.length} requests in 10 s`);
    guard.used(segment.frag);
    sent.length = 0;
    await load();
    guard.used(segment.frag);
    await load();
    assert.ok((sent[1] ?? 0) - (sent[0] ?? 0) < 10, 'a buffered segment can be loaded again');
  });

  it('fail if a key has another length than its method needs', async () => {
    const { request } = createGuard();
    const key = {
      ...SEGMENT,
      url: 'https://media.example/key',
      keyInfo: { decryptdata: { method: 'AES-128' } },
    };
    const page = await request(key, answer(new ArrayBuffer(40)));
    assert.ok(page instanceof GatecastError && page.code === 'source-invalid');
    assert.match(page.message, /40 bytes instead of 16/);
    const data = new ArrayBuffer(16);
    assert.equal(await request(key, answer(data)), data);
  });

  it('get the last good playlist for a reload that fails', async () => {
    const { request } = createGuard();
    assert.equal(await request(LEVEL, answer(PLAYLIST)), PLAYLIST);
    assert.equal(await request(LEVEL, notFound), PLAYLIST);
    assert.equal(await request(LEVEL, answer('')), PLAYLIST);
  });

  it('get the last good playlist for one that a check refuses', async () => {
    const { request } = createGuard();
    await request(LEVEL, answer(PLAYLIST));
    const refused = new GatecastError('source-too-large', 'Too large.', { hint: '' });
    assert.equal(await request(LEVEL, refused), PLAYLIST);
  });

  it('get the playlist that the stream was opened with for its first reload', async () => {
    const { request } = createGuard();
    await request(MANIFEST, answer(PLAYLIST));
    assert.equal(await request(LEVEL, notFound), PLAYLIST);
  });

  it('get the failure of a reload from the second one on if another rendition can play', async () => {
    const { request } = createGuard({ hasAlternative: true });
    await request(LEVEL, answer(PLAYLIST));
    assert.equal(await request(LEVEL, notFound), PLAYLIST);
    assert.equal(await request(LEVEL, notFound), notFound);
  });

  it('get a time-out, because hls.js then asks for the playlist without waiting for a part', async () => {
    const { request } = createGuard();
    await request(LEVEL, answer(PLAYLIST));
    assert.equal(await request(LEVEL, timeout), timeout);
  });

  it('wait longer after each failure in a row, and not at all after a segment that could be used', async () => {
    const { request, time, sent, guard } = createGuard();
    const fail = async () => {
      for (let failure = 0; failure < 6; failure += 1) await request(SEGMENT, notFound);
    };
    const failing = fail();
    await time.advance(10_000);
    await failing;
    assert.deepEqual(sent, [0, 0, 250, 750, 1750, 2750]);
    guard.used(SEGMENT.frag);
    await request(SEGMENT, notFound);
    assert.equal(sent.at(-1), 10_000);
  });

  it('are not sent after they were aborted during the wait', async () => {
    const { request, time, sent, controller } = createGuard();
    for (let failure = 0; failure < 2; failure += 1) await request(SEGMENT, notFound);
    const waiting = request(SEGMENT, notFound);
    controller.abort();
    assert.equal(((await waiting) as Error).name, 'AbortError');
    await time.advance(10_000);
    assert.equal(sent.length, 2);
    assert.equal(time.timerCount, 0);
  });

  it('know the error of their own segment or playlist, also after another one', async () => {
    const { guard, request } = createGuard();
    await request(SEGMENT, notFound);
    await request(MANIFEST, new GatecastError('source-failed', 'Bad.', { hint: '', status: 500 }));
    assert.equal(guard.errorOf({ frag: SEGMENT.frag })?.code, 'source-not-found');
    assert.equal(guard.errorOf({ context: MANIFEST })?.code, 'source-failed');
    await request(SEGMENT, answer(new ArrayBuffer(1)));
    assert.equal(guard.errorOf({ frag: SEGMENT.frag }), null);
  });
});
