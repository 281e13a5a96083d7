import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StreamTokens } from '@gatecast/element';
import { GatecastError, type Token } from '@gatecast/token';
import { hasProgressed, stallLimitMs } from '@gatecast/player/internal/engine/native/native-progress';
import { diagnose } from '@gatecast/player/internal/engine/native/native-symptom';
import { NativeEntries } from '@gatecast/player/internal/engine/native/native-entries';
import { pickNativeEntry } from '@gatecast/player/internal/engine/native/pick-native-entry';
import { readPlaylistFacts } from '@gatecast/player/internal/engine/native/playlist-facts';
import { signerAddress } from '@gatecast/player/internal/engine/native/signer-address';
import { signedUrl } from '@gatecast/player/internal/loading/signed-url';
import { decideSwap, swapAtMs } from '@gatecast/player/internal/engine/native/swap-schedule';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';

describe('the entries of a native player', () => {
  const entries = resolveSource(
    { entries: ['high', 'low'].map((stream, index) => ({ index, stream, hls: `/live/${stream}.m3u8` })) },
    'https://app.example/',
  ).entries;

  it('are without those to which the access has ended, until they have a token again', () => {
    const known = new NativeEntries(entries, 0);
    assert.equal(known.pick(Infinity).stream, 'high');
    known.leaveOut('high');
    assert.deepEqual(
      known.open.map(({ stream }) => stream),
      ['low'],
    );
    assert.equal(known.pick(Infinity).stream, 'low');
    assert.equal(known.restore('low'), false);
    assert.equal(known.restore('high'), true);
    assert.equal(known.open.length, 2);
    assert.throws(() => known.at(2), RangeError);
  });
});

describe('the time of a swap', () => {
  it('is two seconds before the end of a long-lived token', () => {
    assert.equal(swapAtMs({ receivedAtMs: 0, expiresAtMs: 3_600_000 }), 3_598_000);
  });

  it('is after three quarters of the life of a short token', () => {
    assert.equal(swapAtMs({ receivedAtMs: 1000, expiresAtMs: 7000 }), 5500);
  });

  it('is unknown when the end of the token is unknown', () => {
    assert.equal(swapAtMs({ receivedAtMs: 0, expiresAtMs: null }), null);
  });
});

describe('the decision to swap', () => {
  const due = { nowMs: 10, dueAtMs: 10, isPaused: false, hasFresherToken: true };

  it('waits until the swap is due', () => {
    assert.deepEqual(decideSwap({ ...due, dueAtMs: 11 }), { kind: 'wait', untilMs: 11 });
  });

  it('never swaps an address that is valid for the whole session', () => {
    assert.deepEqual(decideSwap({ ...due, dueAtMs: null }), { kind: 'wait', untilMs: null });
  });

  it('swaps when it is due and there is a fresher token', () => {
    assert.deepEqual(decideSwap(due), { kind: 'swap' });
  });

  it('waits for the token manager when there is no fresher token', () => {
    assert.deepEqual(decideSwap({ ...due, hasFresherToken: false }), { kind: 'await-token' });
  });

  it('waits while the player is paused until it plays', () => {
    assert.deepEqual(decideSwap({ ...due, isPaused: true }), { kind: 'on-play' });
  });
});

describe('progress of native playback', () => {
  const sample = { currentTime: 1, shownFrames: 5, decodedFrames: 5, expectsFrames: true };

  it('needs media time and pictures to advance', () => {
    assert.equal(hasProgressed(sample, { ...sample, currentTime: 1.5, shownFrames: 6 }), true);
    assert.equal(hasProgressed(sample, { ...sample, currentTime: 1.5, decodedFrames: 6 }), true);
  });

  it('is absent when media time advances over a frozen picture', () => {
    assert.equal(hasProgressed(sample, { ...sample, currentTime: 1.5 }), false);
  });

  it('needs no pictures for audio alone or in a hidden page', () => {
    assert.equal(hasProgressed(sample, { ...sample, currentTime: 1.5, expectsFrames: false }), true);
  });

  it('is absent when media time stops or jumps back, as after a new src', () => {
    assert.equal(hasProgressed(sample, { ...sample, shownFrames: 9 }), false);
    assert.equal(hasProgressed(sample, { ...sample, currentTime: 0, shownFrames: 9 }), false);
  });

  it('may be absent for two target durations, and for longer at the start', () => {
    assert.equal(stallLimitMs(6000, true), 12_000);
    assert.equal(stallLimitMs(1000, true), 3000);
    assert.equal(stallLimitMs(2000, false), 8000);
  });
});

describe('the diagnosis of a symptom', () => {
  const ok = { kind: 'ok', hasEnded: false } as const;

  it('is the error of the playlist request, if that fails', () => {
    const refused = new GatecastError('token-rejected', 'refused', { hint: 'h' });
    const probe = { kind: 'failed', error: refused } as const;
    assert.equal(diagnose({ kind: 'stalled' }, probe), refused);
    assert.equal(diagnose({ kind: 'media-error', code: 4 }, probe), refused);
  });

  it('is a retryable stall when the playlist can be loaded', () => {
    const error = diagnose({ kind: 'stalled' }, ok);
    assert.equal(error?.code, 'playback-stalled');
    assert.equal(error.retryable, true);
  });

  it('is a retryable media failure when the media element has an error', () => {
    const error = diagnose({ kind: 'media-error', code: 4 }, ok);
    assert.equal(error?.code, 'media-failed');
    assert.equal(error.retryable, true);
  });

  it('is not an error when the stream has ended', () => {
    assert.equal(diagnose({ kind: 'stalled' }, { kind: 'ok', hasEnded: true }), null);
  });
});

describe('the address of a playlist signer', () => {
  it('contains the encoded address of the playlist', () => {
    assert.equal(
      signedUrl('https://a.example/hls/sign', 'https://b.example/live/x.m3u8?a=1&b=2', 'x'),
      'https://a.example/hls/sign?url=https%3A%2F%2Fb.example%2Flive%2Fx.m3u8%3Fa%3D1%26b%3D2',
    );
  });

  it('takes a file name that cannot be decoded as it is', () => {
    for (const name of ['100%', '%ff', '%u0041'])
      assert.equal(
        signedUrl('/sign', `/live/${name}.m3u8?a=1`, name),
        `/sign?url=${encodeURIComponent(`/live/${name}.m3u8?a=1`)}`,
      );
  });

  it('names the stream only where the file name differs, and keeps the signer’s own query', () => {
    assert.equal(
      signedUrl('https://a.example/sign?v=1', 'https://b.example/x.m3u8', 'y z'),
      'https://a.example/sign?v=1&url=https%3A%2F%2Fb.example%2Fx.m3u8&stream=y%20z',
    );
  });
});

describe('a playlist read through the signer', () => {
  const url = 'https://a.example/live/x.m3u8';
  const playlist = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n1.ts\n';

  /** Answers with these statuses, in order; the last one again. 0 is an answer that the browser does not show. */
  function createAddress(statuses: readonly number[], hasTokens = true, text = playlist) {
    const calls: string[] = [];
    const fetch = (): Promise<Response> => {
      calls.push('fetch');
      const status = statuses[Math.min(calls.filter((call) => call === 'fetch').length, statuses.length) - 1];
      if (status === 0) return Promise.reject(new TypeError('Failed to fetch'));
      return Promise.resolve(new Response(text, { status: status ?? 200 }));
    };
    const token: Token = {
      stream: 'x',
      version: 1,
      value: 't',
      receivedAtMs: 0,
      expiresAtMs: null,
      notBeforeMs: null,
      issuedAtMs: null,
    };
    const renew = (): Promise<Token> => {
      calls.push('refresh');
      return Promise.resolve(token);
    };
    const tokens: StreamTokens = {
      get: () => Promise.resolve(token),
      peek: () => token,
      refresh: renew,
      rejected: renew,
      accepted: () => undefined,
      onRefreshed: () => () => undefined,
      leadMs: 60_000,
      now: () => 0,
    };
    const { entries } = resolveSource({ hls: url }, url);
    const entry = entries[0];
    assert.ok(entry?.url);
    const address = signerAddress(
      { ...entry, url: entry.url },
      'https://a.example/hls/sign',
      hasTokens ? tokens : null,
      fetch,
    );
    return { calls, inspect: () => address.inspect(new AbortController().signal) };
  }

  it('has segments on another origin if the signer redirects them there', async () => {
    for (const [segment, isCrossOrigin] of [
      ['/hls/sign?url=https%3A%2F%2Fcdn.example%2F1.ts&stream=x&kind=media', true],
      ['/hls/sign?url=https%3A%2F%2Fa.example%2F1.ts&stream=x&kind=media', false],
      ['/hls/sign?url=broken&kind=media', false],
      ['https://cdn.example/1.ts?kind=media', true],
      ['/1.ts?url=https%3A%2F%2Fcdn.example%2F1.ts', false],
    ] as const) {
      const text = playlist.replace('1.ts', segment);
      const { inspect } = createAddress([200], true, text);
      assert.equal((await inspect()).isCrossOrigin, isCrossOrigin, segment);
    }
  });

  it('is requested again after the session was renewed', async () => {
    const { calls, inspect } = createAddress([401, 200]);
    assert.equal((await inspect()).isLive, true);
    assert.deepEqual(calls, ['fetch', 'refresh', 'fetch']);
  });

  it('ends with one renewal when the new session is refused too', async () => {
    const { calls, inspect } = createAddress([403]);
    await assert.rejects(inspect(), { code: 'playlist-signer-failed', status: 403, retryable: false });
    assert.deepEqual(calls, ['fetch', 'refresh', 'fetch']);
  });

  it('is not requested again after a refusal of an open stream', async () => {
    const { calls, inspect } = createAddress([401], false);
    await assert.rejects(inspect(), { code: 'playlist-signer-failed', status: 401 });
    assert.deepEqual(calls, ['fetch']);
  });

  it('is requested again after a refusal that the browser hides, with one renewal in 30 seconds', async () => {
    const { calls, inspect } = createAddress([200, 0, 200, 0]);
    await inspect();
    assert.equal((await inspect()).isLive, true);
    assert.deepEqual(calls, ['fetch', 'fetch', 'refresh', 'fetch']);
    await assert.rejects(inspect(), { code: 'playlist-signer-failed', retryable: true });
    assert.deepEqual(calls.slice(4), ['fetch']);
  });

  it('is not requested again if the signer was never reached', async () => {
    const { calls, inspect } = createAddress([0]);
    await assert.rejects(inspect(), { code: 'playlist-signer-failed', retryable: true });
    assert.deepEqual(calls, ['fetch']);
  });

  it('may be retried later after a server error, without a renewal', async () => {
    const { calls, inspect } = createAddress([503]);
    await assert.rejects(inspect(), { code: 'playlist-signer-failed', status: 503, retryable: true });
    assert.deepEqual(calls, ['fetch']);
  });
});

describe('the facts of a playlist', () => {
  const live = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nseg/1.ts\n';
  const answer = (texts: Record<string, string>) => (url: string) =>
    Promise.resolve({ text: texts[new URL(url).pathname] ?? '', url });

  it('come from the first variant of a multivariant playlist', async () => {
    const texts = {
      '/top.m3u8': '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n',
      '/low.m3u8': `${live}#EXT-X-ENDLIST\n`,
    };
    assert.deepEqual(await readPlaylistFacts('https://a.example/top.m3u8', answer(texts)), {
      isLive: false,
      targetDurationMs: 2000,
      isCrossOrigin: false,
    });
  });

  it('say whether segments come from another origin than their playlist', async () => {
    const text = live.replace('seg/', 'https://cdn.example/seg/');
    const facts = await readPlaylistFacts('https://a.example/x.m3u8', answer({ '/x.m3u8': text }));
    assert.equal(facts.isCrossOrigin, true);
    assert.equal(facts.isLive, true);
  });

  it('cannot be read from a web page', async () => {
    await assert.rejects(
      readPlaylistFacts('https://a.example/x.m3u8', answer({ '/x.m3u8': '<!doctype html>' })),
      { code: 'source-not-hls' },
    );
  });
});

describe('the entry that native HLS plays', () => {
  const entry = (index: number, bitrateKbps: number | null) => ({
    ...{ index, bitrateKbps, url: `https://a.example/${index}.m3u8`, stream: String(index) },
    ...{
      whepUrl: null,
      hasH5live: false,
      label: '',
      tag: '',
      width: null,
      height: null,
      framerate: null,
      security: null,
      raw: {},
    },
  });
  const entries = [entry(0, 3000), entry(1, 1000), entry(2, 300)];

  it('is the one that the page starts with', () => {
    assert.equal(pickNativeEntry(entries, 2, Infinity).index, 2);
  });

  it('is else the best that the bandwidth carries, or the smallest', () => {
    assert.equal(pickNativeEntry(entries, null, 1_500_000).index, 1);
    assert.equal(pickNativeEntry(entries, null, 1).index, 2);
  });

  it('is an error when there is none', () => {
    assert.throws(() => pickNativeEntry([], null, 1), { code: 'source-missing' });
  });
});
