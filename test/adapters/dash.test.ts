import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { dashWithSession, type DashTokenOptions } from '@gatecast/adapters/internal/dash/with-tokens';
// Loaded before, so that no test waits for it.
import '@gatecast/token/internal/source/read-access-end';
import { FakeDash, type MediaResponse } from './support/fake-dash.js';
import { MEDIA } from './support/fake-origin.js';
import { pageTokens } from './support/page-tokens.js';

const MANIFEST = `${MEDIA}/live/demo.mpd`;
const SEGMENT = `${MEDIA}/live/demo/dash/high-video/7.m4s`;
const LICENCE = 'https://licence.example/widevine';
const manifest = { type: 'MPD', responseType: '' };
const video = { type: 'MediaSegment', mediaType: 'video', representation: { id: 'high-video' } };
const segment = { type: 'MediaSegment', representation: { id: 'high-video' } };

function start(options: Partial<DashTokenOptions> = {}) {
  const page = pageTokens(options);
  const { origin } = page;
  const player = new FakeDash(origin.fetch);
  const control = dashWithSession(player as never, page.options, origin.context);
  player.source = MANIFEST;
  /** The result of a request. The time of its tokens passes meanwhile. */
  const settle = async <Result>(sent: Promise<Result>): Promise<Result> => {
    const done = new AbortController();
    void sent.finally(() => {
      done.abort();
    });
    while (!done.signal.aborted) {
      await origin.time.advance(20);
      await new Promise((resolve) => setTimeout(resolve));
    }
    return sent;
  };
  return { ...page, player, control, settle };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const shown = (response: MediaResponse): string =>
  JSON.stringify([response.url, response.request, Object.entries(response)]);

describe('dash.js with tokens', () => {
  it('requests manifests and segments with a token, and keeps addresses without one', async () => {
    const { origin, player, settle, control } = start();
    origin.body = () => '<MPD/>';
    const mpd = await settle(player.send(MANIFEST, manifest));
    const media = await settle(player.send(SEGMENT, segment));
    assert.deepEqual(origin.tokens, ['demo-1', 'demo-1']);
    assert.deepEqual([mpd.status, mpd.data, mpd.url], [200, '<MPD/>', MANIFEST]);
    assert.deepEqual([media.url, media.request.url], [SEGMENT, SEGMENT]);
    assert.ok(!(shown(mpd) + shown(media)).includes('demo-1'));
    control.release();
  });

  it('repeats a refused request once, with another token, of which dash.js sees only the result', async () => {
    const { origin, player, settle, control, failed } = start();
    origin.status = (token) => (token === 'demo-1' ? 403 : 200);
    const all = await settle(Promise.all([1, 2, 3].map(() => player.send(SEGMENT, segment))));
    assert.deepEqual(
      all.map(({ status, data }) => [status, data instanceof ArrayBuffer]),
      [
        [200, true],
        [200, true],
        [200, true],
      ],
    );
    assert.equal(origin.requests.length, 6);
    assert.equal(origin.backend.requests.length, 2);
    assert.deepEqual(failed, []);
    control.release();
  });

  for (const details of [manifest, segment])
    it(`sends nothing more when the origin says that the access has ended (${details.type})`, async () => {
      const { origin, player, settle, control, failed } = start();
      origin.status = (token) => (token === null ? 401 : 403);
      origin.problem = 'revoked';
      const url = details === manifest ? MANIFEST : SEGMENT;
      assert.equal((await settle(player.send(url, details))).status, 403);
      assert.equal((await settle(player.send(url, details))).status, 401);
      assert.deepEqual(origin.tokens, ['demo-1', null]);
      assert.equal(origin.backend.requests.length, 1);
      assert.deepEqual(
        failed.map(({ error: { code, reason } }) => [code, reason]),
        [['revoked', 'Ticket 7']],
      );
      control.release();
    });

  it('does not let an origin that it was redirected to end the access', async () => {
    const { origin, player, settle, control, failed } = start();
    origin.status = () => 403;
    origin.problem = 'revoked';
    origin.finalUrl = () => 'https://other.example/7.m4s';
    await settle(player.send(SEGMENT, segment));
    assert.deepEqual([...new Set(failed.map(({ error: { code } }) => code))], ['token-rejected']);
    control.release();
  });

  it('gives a refusal of the new token to dash.js, without the token', async () => {
    const { origin, player, settle, control, failed } = start();
    origin.status = () => 403;
    const response = await settle(player.send(SEGMENT, segment));
    assert.equal(response.status, 403);
    assert.ok(!shown(response).includes('demo-'));
    assert.equal(origin.backend.requests.length, 2);
    assert.deepEqual([...new Set(failed.map(({ error: { code } }) => code))], ['token-rejected']);
    control.release();
  });

  it('leaves other failures to dash.js', async () => {
    const { origin, player, settle, control } = start();
    origin.status = () => 404;
    const response = await settle(player.send(SEGMENT, segment));
    assert.deepEqual([response.status, response.url], [404, SEGMENT]);
    assert.deepEqual([origin.requests.length, origin.backend.requests.length], [1, 1]);
    control.release();
  });

  it('renews a token that the browser may hide the refusal of', async () => {
    const { origin, player, settle, control } = start();
    await settle(player.send(SEGMENT, segment));
    origin.status = (token) => (token === 'demo-1' ? 0 : 200);
    const response = await settle(player.send(SEGMENT, segment));
    assert.equal(response.status, 200);
    assert.deepEqual(origin.tokens, ['demo-1', 'demo-1', 'demo-2']);
    control.release();
  });

  it('suspects no token when dash.js aborts a request', async () => {
    const { origin, player, settle, control } = start();
    await settle(player.send(SEGMENT, segment));
    const response = await settle(player.send(SEGMENT, segment, true));
    assert.equal(response.status, 0);
    assert.equal(origin.backend.requests.length, 1);
    control.release();
  });

  /** Sends a request whose repeat never gets a response, and says later whether dash.js got one. */
  const hang = async ({ origin, player }: ReturnType<typeof start>, details: typeof video) => {
    origin.status = (token) => (token === 'demo-1' ? 403 : 200);
    origin.hangs = (token) => token !== 'demo-1';
    const got: MediaResponse[] = [];
    void player.send(SEGMENT, details).then((response) => got.push(response));
    while (origin.requests.length < 2) await origin.time.advance(20);
    return got;
  };

  it('ends a repeat when dash.js loads another segment of that medium, which it does after a seek', async () => {
    const test = start();
    const got = await hang(test, video);
    const audio = { ...video, mediaType: 'audio' };
    test.origin.hangs = false;
    await test.settle(test.player.send(SEGMENT, audio));
    assert.equal(test.origin.aborted, 0);
    const response = await test.settle(test.player.send(`${MEDIA}/live/90.m4s`, video));
    assert.equal(response.status, 200);
    assert.equal(test.origin.aborted, 1);
    await test.time.advance(60_000);
    assert.deepEqual(got, [], 'a segment from before the seek');
    test.control.release();
    assert.equal(test.time.timerCount, 0);
  });

  it('ends a repeat when the player closes its source', async () => {
    const test = start();
    const got = await hang(test, video);
    test.player.listeners.get('streamTeardownComplete')?.();
    await test.time.advance(60_000);
    assert.deepEqual([test.origin.aborted, got.length, test.time.timerCount], [1, 0, 0]);
    test.control.release();
  });

  it('gives a repeat the time that dash.js gives a request, and then the refusal to dash.js', async () => {
    const test = start();
    test.player.timeout = 1000;
    const got = await hang(test, video);
    await test.time.advance(1100);
    assert.deepEqual(
      got.map(({ status }) => status),
      [403],
    );
    test.control.release();
  });

  it('sends no request that dash.js aborts while it waits for its token', async () => {
    const test = start();
    test.origin.backend.latencyMs = 500;
    void test.player.send(SEGMENT, video);
    await test.time.advance(100);
    test.player.abort();
    await test.time.advance(1000);
    assert.deepEqual(test.origin.requests, []);
    test.control.release();
  });

  it('sends no token to an origin that the page did not name', async () => {
    const { origin, player, settle, control } = start();
    await settle(player.send('https://ads.example/1.m4s', segment));
    assert.deepEqual(origin.tokens, [null]);
    control.release();
  });

  it('has another token after the device slept past the end of the first', async () => {
    const { origin, time, player, settle, control } = start();
    await settle(player.send(SEGMENT, segment));
    time.sleep(3_600_000);
    await settle(player.send(SEGMENT, segment));
    assert.equal(origin.requests.length, 2);
    assert.notEqual(origin.tokens[1], 'demo-1');
    control.release();
  });

  it('sends a request without a token if the backend has none, and dash.js meets the refusal', async () => {
    const { origin, player, settle, control } = start();
    origin.backend.answer = () => {
      throw Object.assign(new Error('signed out'), { status: 401 });
    };
    const response = player.send(SEGMENT, segment);
    await origin.time.advance(60_000);
    assert.equal((await settle(response)).status, 401);
    assert.deepEqual(origin.tokens, [null]);
    control.release();
  });

  it('requests the token of a rendition, if the page names it', async () => {
    const { origin, player, settle, control } = start({
      stream: ({ rendition, kind }) => `${kind}-${rendition ?? 'none'}`,
    });
    await settle(player.send(MANIFEST, manifest));
    await settle(player.send(SEGMENT, segment));
    assert.deepEqual(origin.tokens, ['playlist-none-1', 'segment-high-video-2']);
    control.release();
  });

  it('follows no redirect that would take a token in a header along', async () => {
    const { origin, player, settle, control } = start({ placement: 'header:X-Token' });
    const hasToken = (index: number): boolean => origin.requests[index]?.headers.has('X-Token') ?? false;
    origin.status = () => (hasToken(origin.requests.length - 1) ? 200 : 401);
    const response = await settle(player.send(SEGMENT, segment));
    assert.equal(response.status, 200);
    // XMLHttpRequest follows each redirect, so that the first request has no token.
    assert.deepEqual(
      origin.requests.map(({ redirect }, index) => [redirect, hasToken(index)]),
      [
        [undefined, false],
        ['manual', true],
      ],
    );
    control.release();
  });

  it('requests a licence with a token in a header, and repeats it after a refusal', async () => {
    const { origin, time, player, settle, control } = start({ origins: ['https://licence.example'] });
    const [filter] = player.licenceFilters;
    const data = new Uint8Array([1, 2]).buffer;
    const request = { url: LICENCE, method: 'POST', headers: { 'X-Own': '1' }, data, withCredentials: false };
    origin.status = (token) => (token === 'demo-2' ? 200 : 401);
    origin.body = () => 'licence';
    await settle(Promise.resolve(filter?.(request as never)));
    assert.deepEqual(
      origin.requests.map(({ method, url, headers }) => [method, url, headers.get('Authorization')]),
      [
        ['POST', LICENCE, 'Bearer demo-1'],
        ['POST', LICENCE, 'Bearer demo-2'],
      ],
    );
    assert.equal(origin.requests[0]?.headers.get('X-Own'), '1');
    assert.deepEqual([request.method, request.headers], ['GET', {}]);
    assert.equal(await (await fetch(request.url)).text(), 'licence');
    control.release();
    await assert.rejects(fetch(request.url));
    assert.equal(time.timerCount, 0);
  });

  it('leaves a licence that fails to dash.js, without a token', async () => {
    const { origin, player, settle, control } = start({ origins: ['https://licence.example'] });
    const [filter] = player.licenceFilters;
    const request = { url: LICENCE, method: 'POST', headers: {}, data: null, withCredentials: false };
    origin.status = () => 500;
    await settle(Promise.resolve(filter?.(request as never)));
    assert.deepEqual([request.url, request.method, request.headers], [LICENCE, 'POST', {}]);
    control.release();
  });

  it('repeats a licence request with its token when the origin fails for a moment', async () => {
    const { origin, player, settle, control } = start({ origins: ['https://licence.example'] });
    const [filter] = player.licenceFilters;
    const request = { url: LICENCE, method: 'POST', headers: {}, data: null, withCredentials: false };
    origin.status = () => (origin.requests.length < 3 ? 503 : 200);
    await settle(Promise.resolve(filter?.(request as never)));
    assert.deepEqual(origin.tokens, ['demo-1', 'demo-1', 'demo-1']);
    assert.equal(request.method, 'GET');
    control.release();
  });

  it('leaves a licence whose origin says nothing to dash.js after 20 seconds', async () => {
    const { origin, time, player, settle, control } = start({ origins: ['https://licence.example'] });
    const [filter] = player.licenceFilters;
    const request = { url: LICENCE, method: 'POST', headers: {}, data: null, withCredentials: false };
    origin.hangs = true;
    await settle(Promise.resolve(filter?.(request as never)));
    assert.deepEqual([request.url, request.method, request.headers], [LICENCE, 'POST', {}]);
    control.release();
    assert.equal(time.timerCount, 0);
  });

  it('refuses proofs of possession, which dash.js cannot send', () => {
    assert.throws(
      () => start({ dpop: true }),
      (error: { code?: string }) => error.code === 'option-invalid',
    );
  });

  it('keeps no request in memory that has its response', async () => {
    const { origin, player, settle, control } = start();
    origin.status = (token) => (token === 'demo-1' ? 403 : 200);
    for (const details of [manifest, video, segment]) await settle(player.send(MANIFEST, details));
    const left = player.forget();
    await settle(player.send(SEGMENT, video));
    collectGarbage();
    assert.deepEqual(
      left.map((request) => request.deref()),
      left.map(() => undefined),
    );
    control.release();
  });

  it('has no pending timer and no listener in the end', async () => {
    const { time, player, settle, control } = start();
    await settle(player.send(SEGMENT, segment));
    player.listeners.get('streamTeardownComplete')?.();
    assert.equal(time.timerCount, 0);
    await settle(player.send(SEGMENT, segment));
    control.release();
    assert.equal(time.timerCount, 0);
    const { requestInterceptors, responseInterceptors, licenceFilters, listeners } = player;
    const left = [requestInterceptors, responseInterceptors, licenceFilters, listeners];
    assert.deepEqual(
      left.map(({ size }) => size),
      [0, 0, 0, 0],
    );
  });
});
