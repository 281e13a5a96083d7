import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/adapters';
import type Library from 'shaka-player';
import { shakaWithSession, type ShakaTokenOptions } from '@gatecast/adapters/internal/shaka/with-tokens';
// Loaded before, so that no test waits for it.
import '@gatecast/token/internal/source/read-access-end';
import { MEDIA } from './support/fake-origin.js';
import { pageTokens } from './support/page-tokens.js';
import { EnginePlayer, loadShaka, sendShakaTo } from './support/shaka-in-node.js';

const shaka = await loadShaka();
const MANIFEST = `${MEDIA}/live/demo.mpd`;
const SEGMENT = `${MEDIA}/live/demo/dash/high-video/7.m4s`;
const LICENCE = 'https://licence.example/widevine';

function start(options: Partial<ShakaTokenOptions> = {}) {
  const page = pageTokens(options);
  const { origin } = page;
  sendShakaTo(origin.fetch);
  const player = new EnginePlayer(shaka);
  player.assetUri = MANIFEST;
  const control = shakaWithSession(player as never, { shaka, ...page.options }, origin.context);
  return { ...page, player, control };
}

/** The result of a request. The time of its tokens passes meanwhile. */
async function settle(
  { time }: ReturnType<typeof start>,
  sent: Library.net.NetworkingEngine.PendingRequest,
): Promise<{ response?: Library.extern.Response; error?: Library.util.Error }> {
  const result = sent.promise.then(
    (response: Library.extern.Response) => ({ response }),
    (error: unknown) => ({ error: error as Library.util.Error }),
  );
  const done = new AbortController();
  void result.finally(() => {
    done.abort();
  });
  while (!done.signal.aborted) {
    await time.advance(20);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return result;
}

const dataOf = (error: Library.util.Error | undefined): unknown[] => (error?.data ?? []) as unknown[];

const textOf = (response: Library.extern.Response | undefined): string =>
  new TextDecoder().decode(response?.data);

describe('Shaka Player with tokens', () => {
  it('requests manifests and segments with a token, and gets addresses without one', async () => {
    const test = start();
    test.origin.body = () => '<MPD/>';
    const manifest = test.player.request('MANIFEST', MANIFEST);
    const { response } = await settle(test, manifest.sent);
    await settle(test, test.player.request('SEGMENT', SEGMENT, { headers: { Range: 'bytes=0-5' } }).sent);
    assert.deepEqual(test.origin.tokens, ['demo-1', 'demo-1']);
    assert.equal(test.origin.requests[1]?.headers.get('Range'), 'bytes=0-5');
    assert.equal(textOf(response), '<MPD/>');
    assert.deepEqual([response?.uri, response?.originalUri], [MANIFEST, MANIFEST]);
    assert.deepEqual(response?.originalRequest.uris, [MANIFEST]);
    assert.equal(response.originalRequest, manifest.request);
    test.control.release();
  });

  it('repeats a refused request once, with another token, and reports nothing', async () => {
    const test = start();
    test.origin.status = (token) => (token === 'demo-1' ? 403 : 200);
    const all = [1, 2, 3].map(() => settle(test, test.player.request('SEGMENT', SEGMENT).sent));
    for (const { response } of await Promise.all(all)) assert.equal(response?.status, 200);
    assert.equal(test.origin.requests.length, 6);
    assert.equal(test.origin.backend.requests.length, 2);
    assert.deepEqual(test.failed, []);
    test.control.release();
  });

  for (const placement of ['query', 'header:X-Token'])
    it(`sends nothing more when the origin says that the access has ended (${placement})`, async () => {
      const test = start({ placement });
      test.origin.status = () => 403;
      test.origin.problem = 'revoked';
      const { error } = await settle(test, test.player.request('SEGMENT', SEGMENT).sent);
      assert.equal(dataOf(error)[0], SEGMENT);
      assert.ok(!JSON.stringify([error?.data, error?.message, error?.stack]).includes('demo-'));
      await settle(test, test.player.request('SEGMENT', SEGMENT).sent);
      assert.deepEqual([test.origin.requests.length, test.origin.backend.requests.length], [1, 1]);
      assert.deepEqual(
        test.failed.map(({ error: { code, reason } }) => [code, reason]),
        [['revoked', 'Ticket 7']],
      );
      test.control.release();
    });

  it('does not let an origin that it was redirected to end the access', async () => {
    const test = start();
    test.origin.status = () => 403;
    test.origin.problem = 'revoked';
    test.origin.finalUrl = () => 'https://other.example/7.m4s';
    await settle(test, test.player.request('SEGMENT', SEGMENT).sent);
    assert.deepEqual([...new Set(test.failed.map(({ error: { code } }) => code))], ['token-rejected']);
    test.control.release();
  });

  it('gives a refusal of the new token to the player, without the token', async () => {
    const test = start();
    test.origin.status = () => 403;
    const { error } = await settle(test, test.player.request('SEGMENT', SEGMENT).sent);
    assert.equal(error?.code, shaka.util.Error.Code.BAD_HTTP_STATUS);
    assert.deepEqual(dataOf(error).slice(0, 2), [SEGMENT, 403]);
    assert.ok(!JSON.stringify([error.data, error.message, error.stack]).includes('demo-'));
    assert.equal(test.origin.backend.requests.length, 2);
    assert.deepEqual([...new Set(test.failed.map(({ error: { code } }) => code))], ['token-rejected']);
    test.control.release();
  });

  it('leaves other errors to the player, without the token', async () => {
    const test = start();
    test.origin.status = () => 404;
    const { error } = await settle(test, test.player.request('SEGMENT', SEGMENT).sent);
    const data = dataOf(error);
    assert.deepEqual([data[0], data[1], data[5]], [SEGMENT, 404, SEGMENT]);
    assert.equal(test.origin.backend.requests.length, 1);
    test.control.release();
  });

  it('renews a token that the browser may hide the refusal of', async () => {
    const test = start();
    await settle(test, test.player.request('SEGMENT', SEGMENT).sent);
    test.origin.status = (token) => (token === 'demo-1' ? 0 : 200);
    const { response } = await settle(test, test.player.request('SEGMENT', SEGMENT).sent);
    assert.equal(response?.status, 200);
    assert.deepEqual(test.origin.tokens, ['demo-1', 'demo-1', 'demo-2']);
    test.control.release();
  });

  it('sends no token to an origin that the page did not name', async () => {
    const test = start();
    await settle(test, test.player.request('SEGMENT', 'https://ads.example/1.m4s').sent);
    assert.deepEqual(new Set(test.origin.tokens), new Set([null]));
    test.control.release();
  });

  it('has another token after the device slept past the end of the first', async () => {
    const test = start();
    await settle(test, test.player.request('SEGMENT', SEGMENT).sent);
    test.time.sleep(3_600_000);
    await settle(test, test.player.request('SEGMENT', SEGMENT).sent);
    assert.equal(test.origin.requests.length, 2);
    assert.notEqual(test.origin.tokens[1], 'demo-1');
    test.control.release();
  });

  it('requests the token of a rendition, if the page names it', async () => {
    const test = start({ stream: ({ rendition, kind }) => `${kind}-${rendition ?? 'none'}` });
    const stream = { originalId: 'high' } as Library.extern.Stream;
    await settle(test, test.player.request('MANIFEST', MANIFEST).sent);
    await settle(test, test.player.request('SEGMENT', SEGMENT, {}, { stream }).sent);
    assert.deepEqual(test.origin.tokens, ['playlist-none-1', 'segment-high-2']);
    test.control.release();
  });

  it('puts the token of a licence into a header, for an allowed origin', async () => {
    const test = start({ origins: ['https://licence.example'] });
    const body = new Uint8Array([1, 2]).buffer;
    test.origin.status = (token) => (token === 'demo-2' ? 200 : 401);
    const post = { method: 'POST', body };
    const { response } = await settle(test, test.player.request('LICENSE', LICENCE, post).sent);
    assert.equal(response?.status, 200);
    const { method, headers, url } = test.origin.requests[1] ?? {};
    assert.deepEqual([method, url, headers?.get('Authorization')], ['POST', LICENCE, 'Bearer demo-2']);
    await settle(test, test.player.request('LICENSE', 'https://other.example/', post).sent);
    assert.equal(test.origin.tokens.at(-1), null);
    test.control.release();
  });

  it('follows no redirect that would take a token in a header along', async () => {
    const test = start({ placement: 'header:X-Token' });
    test.origin.status = () => 200;
    await settle(test, test.player.request('SEGMENT', SEGMENT).sent);
    assert.deepEqual(
      test.origin.requests.map(({ redirect, headers }) => [redirect, headers.get('X-Token')]),
      [['manual', 'demo-1']],
    );
    test.control.release();
  });

  it('proves the possession of the key of a token', async () => {
    const test = start({ dpop: true, placement: 'header' });
    test.origin.status = () => 200;
    await settle(test, test.player.request('SEGMENT', SEGMENT).sent);
    const [{ headers } = { headers: new Headers() }] = test.origin.requests;
    assert.deepEqual([headers.get('Authorization'), headers.has('DPoP')], ['DPoP demo-1', true]);
    test.control.release();
  });

  it('keeps the address of a redirect, without the token', async () => {
    const test = start();
    test.origin.finalUrl = (url) => url.replace('media.', 'edge.').replace('?', '?sid=1&');
    const { response } = await settle(test, test.player.request('MANIFEST', MANIFEST).sent);
    assert.match(response?.uri ?? '', /^https:\/\/edge\.example\/live\/demo\.mpd\?sid=1&token=~/);
    assert.ok(!response?.uri.includes('demo-1'));
    test.control.release();
  });

  it('reports an abort of the player as such', async () => {
    const test = start();
    const { sent } = test.player.request('SEGMENT', SEGMENT);
    await sent.abort();
    const { error } = await settle(test, sent);
    assert.equal(error?.code, shaka.util.Error.Code.OPERATION_ABORTED);
    test.control.release();
  });

  it('has no pending timer in the end, and puts the plugin of the library back with the last player', async () => {
    const [first, second] = [start(), start()];
    first.control.release();
    const { response } = await settle(second, second.player.request('SEGMENT', SEGMENT).sent);
    assert.equal(response?.status, 200);
    second.control.release();
    assert.deepEqual([first.time.timerCount, second.time.timerCount], [0, 0]);
    await settle(second, second.player.request('SEGMENT', SEGMENT).sent);
    assert.equal(second.origin.tokens.at(-1), null);
  });

  it('renews no token after the player has unloaded', async () => {
    const test = start();
    await settle(test, test.player.request('SEGMENT', SEGMENT).sent);
    test.player.dispatchEvent(new Event('unloading'));
    assert.equal(test.time.timerCount, 0);
    assert.deepEqual(test.control.states, []);
    test.control.release();
  });

  it('sends tokens also after the page has registered another plugin of the same priority', async () => {
    const { NetworkingEngine, HttpFetchPlugin } = shaka.net;
    const test = start();
    await settle(test, test.player.request('SEGMENT', SEGMENT).sent);
    NetworkingEngine.registerScheme(
      'https',
      (...request) => HttpFetchPlugin.parse(...request) as ReturnType<Library.extern.SchemePlugin>,
      NetworkingEngine.PluginPriority.PREFERRED,
      true,
    );
    const { response } = await settle(test, test.player.request('SEGMENT', SEGMENT).sent);
    assert.equal(response?.status, 200);
    // The library has chosen the plugin of the one request that is filtered first. It tries again by itself.
    assert.deepEqual(test.origin.tokens, ['demo-1', null, 'demo-1']);
    test.control.release();
  });

  it('names an option that is another copy of the library', () => {
    const player = { getNetworkingEngine: () => null } as never;
    assert.throws(
      () => shakaWithSession(player, { shaka, tokenUrl: '/api/tokens' }, {}),
      (error: { code?: string }) => error.code === 'option-invalid',
    );
  });

  it('sends the token of no other stream with a preload, and names what is missing', async () => {
    const test = start({ origins: [MEDIA] });
    const next = `${MEDIA}/live/next.mpd`;
    for (const assetUri of [null, MANIFEST]) {
      test.player.assetUri = assetUri;
      const { sent } = test.player.request('MANIFEST', next, {}, { isPreload: true });
      const { error } = await settle(test, sent);
      const [reason] = dataOf(error);
      assert.ok(reason instanceof GatecastError);
      assert.equal(reason.code, 'option-invalid');
    }
    test.origin.status = () => 200;
    const ad = test.player.request('MANIFEST', 'https://ads.example/ad.mpd', {}, { isPreload: true });
    assert.ok((await settle(test, ad.sent)).response);
    assert.deepEqual(test.origin.tokens, [null]);
    test.control.release();
  });

  it('gives the stream function the address of an HLS playlist, and of a preload', async () => {
    const test = start({
      origins: [MEDIA],
      stream: ({ playlist }) => /(\w+)\.(?:mpd|m3u8)/.exec(playlist)?.[1] ?? 'none',
    });
    await settle(test, test.player.request('MANIFEST', `${MEDIA}/live/high.m3u8`).sent);
    const preload = test.player.request('MANIFEST', `${MEDIA}/live/next.mpd`, {}, { isPreload: true });
    await settle(test, preload.sent);
    await settle(test, test.player.request('SEGMENT', SEGMENT).sent);
    assert.deepEqual(
      test.origin.tokens.map((token) => token?.replace(/-\d+$/, '')),
      ['high', 'next', 'demo'],
    );
    test.control.release();
  });
});
