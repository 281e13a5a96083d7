import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TokenOptions } from '@gatecast/adapters';
import { playerWithSession } from '@gatecast/adapters/internal/video/with-tokens';
// Loaded before, so that no test waits for it.
import '@gatecast/token/internal/source/read-access-end';
import { MEDIA, PLAYLIST, SEGMENT } from './support/fake-origin.js';
import { asPlayer, FakeVideoJs } from './support/fake-video-js.js';
import { pageTokens } from './support/page-tokens.js';
import { pass } from './support/run-loader.js';

const playlist = { uri: PLAYLIST, requestType: 'hls-playlist' };
const segment = { uri: SEGMENT, requestType: 'segment', responseType: 'arraybuffer' };

const countOf = ({ length }: readonly unknown[]): number => length;

function start(options: Partial<TokenOptions> = {}) {
  const page = pageTokens(options);
  const player = new FakeVideoJs();
  const control = playerWithSession(asPlayer(player), page.options, page.origin.context);
  player.src(PLAYLIST);
  return { ...page, player, control };
}

describe('Video.js with tokens', () => {
  it('requests playlists and segments with a token, and gets addresses without one', async () => {
    const { origin, time, player, control } = start();
    origin.body = (url) => (url.includes('m4s') ? new Uint8Array(4000) : '#EXTM3U');
    const first = player.request(playlist);
    await pass(time);
    const second = player.request({ ...segment, headers: { Range: 'bytes=0-99' } });
    await pass(time);
    assert.deepEqual(origin.tokens, ['demo-1', 'demo-1']);
    assert.deepEqual(
      [first, second].map(({ answers }) => answers),
      [[{ statusCode: 200, error: null }], [{ statusCode: 200, error: null }]],
    );
    assert.equal(first.request.responseText, '#EXTM3U');
    assert.equal(first.request.responseURL, PLAYLIST);
    assert.equal(second.request.responseURL, SEGMENT);
    assert.ok(second.request.response instanceof ArrayBuffer && second.request.response.byteLength === 4000);
    assert.ok((second.request.bandwidth ?? 0) > 0);
    assert.equal(second.request.getResponseHeader('age'), '3');
    assert.equal(origin.requests[1]?.headers.get('Range'), 'bytes=0-99');
    assert.deepEqual(second.events, ['progress', 'loadend']);
    control.release();
    assert.equal(time.clock.pending, 0);
  });

  it('sees nothing of a refusal that one renewal heals', async () => {
    const { origin, time, player, control } = start();
    player.request(playlist);
    await pass(time);
    origin.status = (token) => (token === 'demo-1' ? 403 : 200);
    const loads = [player.request(segment), player.request({ ...segment, uri: `${MEDIA}/live/8.m4s` })];
    await pass(time);
    await pass(time);
    for (const { answers } of loads) assert.deepEqual(answers, [{ statusCode: 200, error: null }]);
    assert.deepEqual(origin.backend.reasons, ['initial', 'rejected']);
    control.release();
  });

  it('sends nothing more when the origin says that the access has ended', async () => {
    const { origin, time, player, control, failed } = start();
    origin.status = () => 403;
    origin.problem = 'moved';
    for (let count = 0; count < 3; count += 1) {
      const { answers } = player.request(segment);
      while (answers.length === 0) await pass(time);
      assert.deepEqual(
        answers.map(({ statusCode }) => statusCode),
        [0],
      );
    }
    assert.deepEqual([origin.requests.length, origin.backend.requests.length], [1, 1]);
    assert.deepEqual(
      failed.map(({ error: { code } }) => code),
      ['moved'],
    );
    control.release();
  });

  it('gets the status of a refusal that remains, and the page hears of it', async () => {
    const { origin, time, player, control, failed } = start();
    origin.status = () => 403;
    const { answers, request } = player.request(playlist);
    await pass(time);
    await pass(time);
    assert.deepEqual(answers, [{ statusCode: 403, error: null }]);
    assert.equal(request.status, 403);
    assert.deepEqual(
      failed.map(({ error }) => error.code),
      ['token-rejected'],
    );
    control.release();
  });

  it('gets true errors: the status of the origin, and none without a network or a token', async () => {
    const { origin, time, player, control } = start();
    player.request(playlist);
    await pass(time);
    origin.status = () => 404;
    const missing = player.request(segment);
    await pass(time);
    assert.deepEqual(missing.answers, [{ statusCode: 404, error: null }]);
    origin.status = () => 0;
    const offline = player.request(segment);
    // Code that is loaded for it takes real time.
    while (offline.answers.length === 0) await pass(time);
    assert.deepEqual(
      offline.answers.map(({ statusCode, error }) => [statusCode, error instanceof Error]),
      [[0, true]],
    );
    assert.deepEqual(offline.events, ['error', 'loadend']);
    assert.doesNotMatch(String(offline.answers[0]?.error), /demo-\d/);
    control.release();
  });

  it('sends no token to another origin, and none on where a redirect leads', async () => {
    const { origin, time, player, control } = start({ placement: 'header:X-Token' });
    origin.status = () => 200;
    player.request(playlist);
    await pass(time);
    player.request({ ...segment, uri: 'https://ads.example/1.m4s' });
    await pass(time);
    const [own, foreign] = origin.requests;
    assert.equal(own?.headers.get('X-Token'), 'demo-1');
    assert.equal(own.redirect, 'manual');
    assert.equal(foreign?.headers.get('X-Token'), null);
    control.release();
  });

  it('requests segments and keys with the token of their rendition', async () => {
    const { origin, time, player, control } = start({
      stream: ({ playlist: url }) => /([a-z]+)\.m3u8/.exec(url)?.[1] ?? 'demo',
    });
    player.request(playlist);
    await pass(time);
    player.vhs?.playlists.main.playlists.push(
      { resolvedUri: `${MEDIA}/live/low.m3u8`, segments: [{ resolvedUri: SEGMENT }] },
      {
        resolvedUri: `${MEDIA}/live/high.m3u8`,
        segments: [{ resolvedUri: `${MEDIA}/h.m4s`, key: { resolvedUri: `${MEDIA}/key` } }],
      },
    );
    player.request(segment);
    player.request({ uri: `${MEDIA}/key`, requestType: 'segment-key', responseType: 'arraybuffer' });
    await pass(time);
    const streams = origin.tokens.slice(1).map((token) => token?.replace(/-\d+/, ''));
    assert.deepEqual(streams.sort(), ['high', 'low']);
    control.release();
  });

  it('requests alternative audio with the token of its playlist, and unknown segments with that of the source', async () => {
    const { origin, time, player, control } = start({
      stream: ({ playlist: url }) => /([a-z]+)\.(?:m3u8|aac|m4s)/.exec(url)?.[1] ?? 'none',
    });
    player.request(playlist);
    await pass(time);
    const own = (name: string) => ({
      resolvedUri: `${MEDIA}/${name}.m3u8`,
      segments: [{ resolvedUri: `${MEDIA}/${name}.aac` }],
    });
    const loader = { media: () => own('fr') };
    Object.assign(player.vhs?.playlists.main ?? {}, {
      mediaGroups: { AUDIO: { a: { en: { playlists: [own('en')] } } }, SUBTITLES: {} },
    });
    Object.assign(player.vhs ?? {}, {
      playlistController_: { mediaTypes_: { AUDIO: { activePlaylistLoader: loader }, SUBTITLES: {} } },
    });
    for (const name of ['en', 'fr', 'unknown']) player.request({ ...segment, uri: `${MEDIA}/${name}.aac` });
    await pass(time);
    const streams = origin.tokens.slice(1).map((token) => token?.replace(/-\d+/, ''));
    assert.deepEqual(streams.sort(), ['demo', 'en', 'fr']);
    control.release();
  });

  it('aborts a request that VHS needs no longer, also while it waits for its token', async () => {
    const { origin, time, player, control } = start();
    origin.backend.latencyMs = 500;
    const { request, answers, events } = player.request(playlist);
    await time.advance(100);
    request.abort();
    await time.advance(1000);
    assert.equal(countOf(answers), 0);
    assert.deepEqual(events, ['abort', 'loadend']);
    assert.deepEqual(origin.requests, []);
    control.release();
  });

  it('allows the origin of each source, and no longer that of the one before', async () => {
    const { origin, time, player, control } = start();
    origin.status = () => 200;
    player.request(playlist);
    await pass(time);
    player.src('other');
    player.request({ ...playlist, uri: 'https://other.example/live/demo.m3u8' });
    player.request(segment);
    await pass(time);
    assert.deepEqual(origin.tokens, ['demo-1', 'demo-1', null]);
    control.release();
  });

  it('is as before after release and after dispose, with no timer and no listener', async () => {
    for (const end of ['release', 'dispose'] as const) {
      const { time, player, control } = start();
      player.request(playlist);
      await pass(time);
      if (end === 'release') control.release();
      else player.trigger('dispose');
      assert.equal(player.vhs?.hooks.size, 0);
      assert.equal(player.heard, 0);
      assert.equal(time.clock.pending, 0, end);
    }
  });

  it('loads a source again that was loading without tokens', () => {
    const player = new FakeVideoJs();
    player.src(PLAYLIST);
    playerWithSession(asPlayer(player), { tokenSource: () => 'token' }, {}).release();
    assert.deepEqual(player.sources, [PLAYLIST, 'current']);
  });

  it('does not count the wait for a token as time of the request', async () => {
    const { origin, time, player, control } = start();
    origin.backend.latencyMs = 4000;
    const { answers } = player.request({ ...playlist, timeout: 20 });
    await new Promise((resolve) => setTimeout(resolve, 40));
    assert.equal(countOf(answers), 0);
    while (countOf(answers) === 0) await time.advance(1000);
    assert.deepEqual(answers, [{ statusCode: 200, error: null }]);
    control.release();
  });

  it('has the time limit of VHS for each request, and says when it is over', async () => {
    const { origin, time, player, control } = start();
    origin.hangs = true;
    const { answers } = player.request({ ...segment, timeout: 3000 });
    await time.advance(2500);
    assert.equal(countOf(answers), 0);
    while (countOf(answers) === 0) await time.advance(500);
    assert.equal((answers[0]?.error as (Error & { code?: string }) | null)?.code, 'ETIMEDOUT');
    control.release();
    assert.equal(time.clock.pending, 0);
  });
});
