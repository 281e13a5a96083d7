import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  observePlayback,
  type ObserveOptions,
  type ObservedPlayer,
  type PlaybackObservation,
} from '@gatecast/player/analytics';

class TestPlayer extends EventTarget implements ObservedPlayer {
  isConnected = true;
  autoplay = false;
  paused = true;
  seeking = false;
  preload = 'metadata';
  loading = 'eager';
  currentTime = 12;
  stream = 'demo';
  streamType = 'live' as const;
  activeEntry = null;
  tokenStates = [];

  tell(type: string, change: Partial<TestPlayer> = {}, event: object = {}): void {
    Object.assign(this, change);
    this.dispatchEvent(Object.assign(new Event(type), event));
  }
}

describe('observePlayback', () => {
  let player: TestPlayer;
  let seen: PlaybackObservation[];
  let nowMs: number;
  let page: EventTarget;
  const { addEventListener } = globalThis;

  beforeEach(() => {
    player = new TestPlayer();
    seen = [];
    nowMs = 1000;
    page = new EventTarget();
    globalThis.addEventListener = page.addEventListener.bind(page) as typeof addEventListener;
  });
  afterEach(() => {
    globalThis.addEventListener = addEventListener;
  });

  const observe = (options: ObserveOptions = {}) =>
    observePlayback(player, (observation) => seen.push(observation), { now: () => nowMs, ...options });
  const after = (ms: number, type: string, change: Partial<TestPlayer> = {}, event: object = {}) => {
    nowMs += ms;
    player.tell(type, change, event);
  };
  const types = () => seen.map(({ type }) => type);

  it('measures the start from the wish to play to the first picture that moves', () => {
    observe();
    after(500, 'loadstart');
    assert.deepEqual(types(), []);
    after(500, 'play', { paused: false });
    after(300, 'waiting');
    after(400, 'playing');
    assert.deepEqual(types(), ['view-start', 'first-frame']);
    const [start, first] = seen;
    assert.equal(first?.type === 'first-frame' && first.startupMs, 700);
    assert.deepEqual(
      { ...start, viewId: '' },
      {
        type: 'view-start',
        isAutoplay: false,
        viewId: '',
        sequence: 0,
        atMs: 0,
        stream: 'demo',
        streamType: 'live',
        positionS: 12,
      },
    );
    assert.match(start?.viewId ?? '', /^[0-9a-f]{32}$/);
    assert.deepEqual([first?.sequence, first?.atMs, first?.viewId], [1, 700, start?.viewId]);
  });

  it('begins with autoplay at once, and with preload="none" when it loads', () => {
    player.autoplay = true;
    observe()();
    assert.deepEqual(types(), ['view-start', 'view-end']);
    seen = [];
    Object.assign(player, { autoplay: false, preload: 'none' });
    observe();
    after(10, 'loadstart');
    assert.deepEqual(types(), ['view-start']);
    seen = [];
    Object.assign(player, { autoplay: true, loading: 'lazy', preload: '' });
    observe();
    assert.deepEqual(types(), []);
    after(10, 'loadstart');
    assert.ok(types().includes('view-start'));
  });

  it('adds up what was watched and what was stalled, apart from pauses and seeks', () => {
    const stop = observe();
    after(0, 'play', { paused: false });
    after(100, 'playing');
    after(2000, 'waiting');
    after(300, 'waiting');
    after(700, 'timeupdate');
    after(1000, 'pause', { paused: true });
    after(60_000, 'play', { paused: false });
    after(0, 'playing');
    after(500, 'seeking', { seeking: true });
    after(100, 'waiting');
    after(400, 'playing', { seeking: false });
    after(1500, 'timeupdate');
    stop();
    assert.deepEqual(types(), [
      'view-start',
      'first-frame',
      'stall-start',
      'stall-end',
      'heartbeat',
      'view-end',
    ]);
    const stall = seen[3];
    assert.equal(stall?.type === 'stall-end' && stall.durationMs, 1000);
    const last = seen.at(-1);
    assert.ok(last?.type === 'view-end');
    const { reason, startupMs, watchedMs, stalledMs, stalls } = last;
    assert.deepEqual(
      { reason, startupMs, watchedMs, stalledMs, stalls },
      { reason: 'stopped', startupMs: 100, watchedMs: 5000, stalledMs: 1000, stalls: 1 },
    );
  });

  it('tells regularly how much was watched while it plays, and at most once a second', () => {
    observe({ heartbeatMs: 5000 });
    after(0, 'play', { paused: false });
    after(0, 'playing');
    for (let count = 0; count < 44; count += 1) after(250, 'timeupdate');
    const beats = seen.flatMap((each) => (each.type === 'heartbeat' ? [each.watchedMs] : []));
    assert.deepEqual(beats, [5000, 10_000]);
    seen = [];
    player = new TestPlayer();
    observe({ heartbeatMs: NaN });
    after(0, 'play', { paused: false });
    after(0, 'playing');
    for (let count = 0; count < 8; count += 1) after(250, 'timeupdate');
    assert.equal(types().filter((type) => type === 'heartbeat').length, 2);
  });

  it('ends a view with the media, its source, the element and the page, and begins the next one', () => {
    observe();
    const ends: [string, Partial<TestPlayer>, object][] = [
      ['ended', {}, {}],
      ['emptied', { isConnected: false }, {}],
    ];
    for (const [type, change, event] of ends) {
      after(0, 'play', { paused: false, isConnected: true });
      after(10, type, change, event);
    }
    after(0, 'play');
    page.dispatchEvent(new Event('pagehide'));
    after(0, 'play');
    after(0, 'playing');
    after(10, 'secure-source-updated', {}, { status: 'updated', changed: ['security'] });
    after(10, 'secure-source-updated', {}, { status: 'updated', changed: ['entries'] });
    const reasons = seen.flatMap((each) => (each.type === 'view-end' ? [each.reason] : []));
    assert.deepEqual(reasons, ['ended', 'removed', 'page', 'source']);
    assert.deepEqual(types().slice(-2), ['view-start', 'first-frame']);
    assert.equal(new Set(seen.map(({ viewId }) => viewId)).size, 5);
  });

  it('has codes of errors and tokens, without texts, addresses or tokens', () => {
    observe();
    after(0, 'play', { paused: false });
    const secret = 'https://cdn.example.com/a.m3u8?token=sentinel';
    const error = { code: 'token-refused', retryable: false, message: secret, hint: secret, cause: secret };
    after(1, 'secure-token-failed', {}, { stream: secret, error, willRetryInMs: null });
    after(
      1,
      'secure-token-refreshed',
      {},
      { stream: secret, reason: 'scheduled', durationMs: 40, token: secret },
    );
    after(1, 'secure-error', {}, { error });
    after(1, 'secure-entry-changed', {}, { index: 0, label: 'high', reason: 'abr' });
    assert.deepEqual(types().slice(1), ['token-failed', 'token-refreshed', 'error', 'rendition']);
    assert.doesNotMatch(JSON.stringify(seen), /sentinel/);
    assert.match(JSON.stringify(seen), /"code":"token-refused","willRetry":false/);
  });

  it('ends with its signal, and does not begin with one that is over', () => {
    const life = new AbortController();
    observe({ signal: life.signal });
    after(0, 'play', { paused: false });
    life.abort();
    after(0, 'playing');
    assert.deepEqual(types(), ['view-start', 'view-end']);
    observe({ signal: life.signal });
    after(0, 'play');
    assert.equal(seen.length, 2);
  });

  it('reports an error of the listener and goes on', () => {
    const reported: unknown[] = [];
    const globals = globalThis as { reportError?: ((error: unknown) => void) | undefined };
    const { reportError } = globals;
    globals.reportError = (error) => reported.push(error);
    try {
      observePlayback(player, () => {
        throw new Error('of the page');
      });
      after(0, 'play', { paused: false });
      after(0, 'playing');
    } finally {
      globals.reportError = reportError;
    }
    assert.equal(reported.length, 2);
  });
});
