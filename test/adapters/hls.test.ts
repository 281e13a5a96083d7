import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type Hls from 'hls.js';
import type { HlsConfig } from 'hls.js';
import type { TokenControl, TokenOptions } from '@gatecast/adapters';
import { hlsWithSession } from '@gatecast/adapters/internal/hls/with-tokens';
// Loaded before, so that no test waits for it.
import '@gatecast/token/internal/source/read-access-end';
import { FakeOrigin, MEDIA, PLAYLIST, SEGMENT } from './support/fake-origin.js';
import { pageTokens } from './support/page-tokens.js';
import { load, manifest, pass, policy, segment } from './support/run-loader.js';

/** What `withTokens` uses of an hls.js: its config, its source, and its events. */
class FakeHls {
  static readonly Events = { DESTROYING: 'hlsDestroying' };
  readonly config: Partial<HlsConfig> = {};
  readonly listeners = new Set<() => void>();
  readonly loaded: string[] = [];
  url: string | null = null;

  on(_event: string, listener: () => void): void {
    this.listeners.add(listener);
  }

  off(_event: string, listener: () => void): void {
    this.listeners.delete(listener);
  }

  loadSource(url: string): void {
    this.url = url;
    this.loaded.push(url);
  }

  destroy(): void {
    for (const listener of this.listeners) listener();
  }
}

function start(options: Partial<TokenOptions> = {}, hls = new FakeHls()) {
  const page = pageTokens(options);
  const target: unknown = hls;
  const control = hlsWithSession(target as Hls, page.options, page.origin.context) as TokenControl;
  return { ...page, hls, control };
}

describe('hls.js with tokens', () => {
  it('requests playlists and segments with a token, and gets addresses without one', async () => {
    const { origin, time, hls, control } = start();
    origin.body = (url) => (url.includes('m4s') ? new Uint8Array(4000) : '#EXTM3U');
    const playlist = load(hls.config.loader, manifest(PLAYLIST));
    await pass(time);
    const media = load(hls.config.loader, segment(SEGMENT, PLAYLIST, { rangeStart: 100, rangeEnd: 200 }));
    await pass(time);
    assert.deepEqual(origin.tokens, ['demo-1', 'demo-1']);
    assert.deepEqual(
      [...playlist.results, ...media.results].map(({ response }) => response?.url),
      [PLAYLIST, SEGMENT],
    );
    assert.equal(playlist.results[0]?.response?.data, '#EXTM3U');
    assert.equal(origin.requests[1]?.headers.get('Range'), 'bytes=100-199');
    assert.equal(media.loader.getCacheAge?.(), 3);
    assert.equal(media.results[0]?.stats.loaded, 4000);
    control.release();
    assert.equal(time.clock.pending, 0);
  });

  it('sends nothing more when the origin says that the access has ended', async () => {
    const { origin, time, hls, control, failed } = start();
    origin.status = () => 403;
    origin.problem = 'concurrent-limit';
    for (let count = 0; count < 3; count += 1) {
      const { results } = load(hls.config.loader, manifest(PLAYLIST));
      while (results.length === 0) await pass(time);
      assert.deepEqual(
        results.map(({ kind, error }) => [kind, error?.code]),
        [['error', 403]],
      );
    }
    assert.deepEqual([origin.requests.length, origin.backend.requests.length], [1, 1]);
    assert.deepEqual(
      failed.map(({ error: { code } }) => code),
      ['concurrent-limit'],
    );
    control.release();
  });

  it('sees nothing of a refusal that one renewal heals, which ten segments share', async () => {
    const { origin, time, hls, control } = start();
    load(hls.config.loader, manifest(PLAYLIST));
    await pass(time);
    origin.status = (token) => (token === 'demo-1' ? 403 : 200);
    const loads = Array.from({ length: 10 }, (_, index) =>
      load(hls.config.loader, segment(`${MEDIA}/live/${String(index)}.m4s`, PLAYLIST)),
    );
    await pass(time);
    await pass(time);
    assert.deepEqual(
      loads.map(({ results }) => results.map(({ kind }) => kind)),
      loads.map(() => ['success']),
    );
    assert.deepEqual(origin.backend.reasons, ['initial', 'rejected']);
    control.release();
  });

  it('gets the status of a refusal that remains, as from its own loader, and the page hears of it', async () => {
    const { origin, time, hls, control, failed } = start();
    origin.status = () => 403;
    const { results } = load(hls.config.loader, manifest(PLAYLIST), policy(3));
    while (results.length === 0) await pass(time);
    assert.deepEqual(
      results.map(({ kind, error }) => [kind, error?.code]),
      [['error', 403]],
    );
    assert.equal(origin.requests.length, 2);
    assert.deepEqual(
      failed.map(({ error }) => error.code),
      ['token-rejected'],
    );
    assert.doesNotMatch(JSON.stringify(results.map(({ error }) => error)), /demo-\d/);
    control.release();
  });

  it('gets a true error of the origin, without a request for another token', async () => {
    const { origin, time, hls, control } = start();
    origin.status = () => 404;
    const { results } = load(hls.config.loader, segment(SEGMENT, PLAYLIST));
    while (results.length === 0) await pass(time);
    assert.equal(results[0]?.error?.code, 404);
    assert.equal(origin.backend.requests.length, 0, 'the segment is of no source that the page has opened');
    control.release();
  });

  it('repeats a manifest as its policy says, because hls.js leaves that to its loaders', async () => {
    const { origin, time, hls, control } = start();
    origin.status = () => (origin.requests.length < 3 ? 503 : 200);
    const { results } = load(hls.config.loader, manifest(PLAYLIST), policy(2));
    // The code that repeats is loaded for the first failure.
    while (results.length === 0) await time.advance(500);
    assert.deepEqual(
      results.map(({ kind, stats }) => [kind, stats.retry]),
      [['success', 2]],
    );
    control.release();
  });

  it('sends no token to another origin, and none on where a redirect leads', async () => {
    const { origin, time, hls, control } = start({ placement: 'header:X-Token' });
    origin.status = () => 200;
    load(hls.config.loader, manifest(PLAYLIST));
    await pass(time);
    load(hls.config.loader, segment('https://ads.example/1.m4s', PLAYLIST));
    await pass(time);
    const [own, foreign] = origin.requests;
    assert.equal(own?.headers.get('X-Token'), 'demo-1');
    assert.equal(own.redirect, 'manual');
    assert.equal(foreign?.headers.get('X-Token'), null);
    control.release();
  });

  it('requests segments and keys with the token of their rendition', async () => {
    const { origin, time, hls, control } = start({
      stream: ({ playlist }) => /([a-z]+)\.m3u8/.exec(playlist)?.[1] ?? 'demo',
    });
    load(hls.config.loader, manifest(PLAYLIST));
    await pass(time);
    load(hls.config.loader, segment(SEGMENT, `${MEDIA}/live/low.m3u8`));
    load(hls.config.loader, {
      ...{ url: `${MEDIA}/key`, responseType: 'arraybuffer', keyInfo: {} },
      frag: { baseurl: `${MEDIA}/live/high.m3u8`, type: 'main', level: 0 },
    } as never);
    await pass(time);
    assert.deepEqual(
      origin.tokens
        .slice(1)
        .map((token) => token?.replace(/-\d+/, ''))
        .sort(),
      ['high', 'low'],
    );
    control.release();
  });

  it('aborts a request that hls.js needs no longer, also while it waits for its token', async () => {
    const { origin, time, hls, control } = start();
    origin.backend.latencyMs = 500;
    const { loader, results } = load(hls.config.loader, manifest(PLAYLIST));
    await time.advance(100);
    loader.abort();
    loader.destroy();
    await time.advance(1000);
    assert.deepEqual(
      results.map(({ kind, stats }) => [kind, stats.aborted]),
      [['abort', true]],
    );
    assert.deepEqual(origin.requests, []);
    control.release();
  });

  it('is as before after release and after destroy, with no timer and no listener', async () => {
    for (const end of ['release', 'destroy'] as const) {
      const hls = new FakeHls();
      const before = (hls.config.loader = Object as never);
      const { time, control } = start({}, hls);
      load(hls.config.loader, manifest(PLAYLIST));
      await pass(time);
      if (end === 'release') control.release();
      else hls.destroy();
      assert.equal(hls.config.loader, before);
      assert.equal(hls.listeners.size, 0);
      assert.equal(time.clock.pending, 0, end);
    }
  });

  it('loads a source again that was loading without tokens', () => {
    const hls = new FakeHls();
    hls.url = PLAYLIST;
    start({}, hls).control.release();
    assert.deepEqual(hls.loaded, [PLAYLIST]);
  });

  it('gets a configuration for players that create it themselves', async () => {
    const origin = new FakeOrigin();
    const options = { tokenSource: origin.backend.tokenFunction };
    const config = hlsWithSession({ lowLatencyMode: true }, options, origin.context) as Partial<HlsConfig>;
    assert.equal(config.lowLatencyMode, true);
    load(config.loader, manifest(PLAYLIST));
    await pass(origin.time);
    assert.deepEqual(origin.tokens, ['demo-1']);
    await origin.time.advance(130_000);
    assert.equal(origin.time.clock.pending, 0);
  });

  it('loads on without tokens after the signal, and what is loading then is loaded to its end', async () => {
    const origin = new FakeOrigin();
    const end = new AbortController();
    const options = { tokenSource: origin.backend.tokenFunction, signal: end.signal };
    const config = hlsWithSession({}, options, origin.context) as Partial<HlsConfig>;
    const running = load(config.loader, manifest(PLAYLIST));
    end.abort();
    await pass(origin.time);
    const next = load(config.loader, segment('https://other.example/1.m4s', PLAYLIST));
    origin.status = () => 200;
    await pass(origin.time);
    assert.deepEqual(
      [...running.results, ...next.results].map(({ kind }) => kind),
      ['success', 'success'],
    );
    assert.equal(origin.tokens.at(-1), null);
    assert.equal(origin.time.clock.pending, 0);
  });

  it('calls the page’s fetchSetup before the token is added', async () => {
    const origin = new FakeOrigin();
    const seen: string[] = [];
    const config = hlsWithSession(
      {
        fetchSetup: ({ url }, init: RequestInit) => {
          seen.push(url);
          return new Request(`${url}?page=1`, { ...init, redirect: 'error', headers: { 'X-Page': '1' } });
        },
      },
      { tokenSource: origin.backend.tokenFunction },
      origin.context,
    ) as Partial<HlsConfig>;
    const { results } = load(config.loader, manifest(PLAYLIST));
    while (results.length === 0) await pass(origin.time);
    assert.deepEqual(seen, [PLAYLIST]);
    assert.equal(origin.requests[0]?.headers.get('X-Page'), '1');
    assert.equal(origin.requests[0].url, `${PLAYLIST}?page=1&token=demo-1`);
    assert.equal(origin.requests[0].redirect, 'error');
    assert.equal(results[0]?.response?.url, PLAYLIST);
    await origin.time.advance(130_000);
  });

  it('is refused with a loader of the page, which would send no tokens', () => {
    const options = { tokenSource: () => 'token' };
    assert.throws(() => hlsWithSession({ fLoader: Object as never }, options, {}), {
      code: 'option-invalid',
    });
  });
});
