import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { EventLog } from '@gatecast/element';
import { GatecastError, parsePlacement, type TokenFunction } from '@gatecast/token';
import { Playback } from '@gatecast/player/internal/playback/playback';
import type { PlaybackHost } from '@gatecast/player/internal/playback/playback-host';
// Loaded before, so that nothing loads when the test is over.
import '@gatecast/player/internal/engine/native/native-engine';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';

const later = () => Math.floor(Date.now() / 1000) + 300;

/** For one test. */
function setGlobal(t: TestContext, name: string, value: object): void {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true });
  t.after(() => {
    if (before) Object.defineProperty(globalThis, name, before);
    else Reflect.deleteProperty(globalThis, name);
  });
}

/** Playback of two entries whose engine is not there yet, so that it stops with the first one. */
function setUp(t: TestContext) {
  const part = { canPlayType: () => 'maybe', append: () => undefined, remove: () => undefined };
  setGlobal(t, 'document', { createElement: () => part, head: part, querySelector: () => null });
  setGlobal(t, 'HTMLMediaElement', { HAVE_CURRENT_DATA: 2 });
  setGlobal(t, 'location', new URL('https://page.example/'));
  const media = Object.assign(new EventTarget(), { paused: true, currentTime: 0, pause: () => undefined });
  const errors: (string | undefined)[] = [];
  const element: object = new EventTarget();
  const output: object = { media, video: media };
  const host: PlaybackHost = {
    element: element as PlaybackHost['element'],
    output: output as PlaybackHost['output'],
    log: new EventLog(),
    onReport: () => undefined,
    onStreamAwaited: () => undefined,
    onError: (error) => errors.push(error?.code),
  };
  const tokenSource: TokenFunction = ({ streams }) => ({
    tokens: streams.map((stream) => ({ stream, token: stream, expiresAt: later() })),
  });
  const entries = ['high', 'low'].map((stream) => ({ hls: `https://media.example/${stream}.m3u8`, stream }));
  const playback = new Playback(host, {
    source: resolveSource({ entries }, 'https://page.example/'),
    engine: 'native',
    tokens: { tokenUrl: null, tokenCredentials: 'same-origin', tokenSource, refreshLeadSeconds: 60 },
    isProtected: true,
    placement: parsePlacement('query:token'),
    tokenOrigins: [],
    token: null,
    mayStartLater: () => false,
  });
  return { playback, errors };
}

describe('playback whose access has ended', () => {
  it('renews no token of its other entries until it starts again', (t) => {
    const { playback, errors } = setUp(t);
    const calls: string[] = [];
    playback.tokens.rest = () => void calls.push('rest');
    playback.tokens.resume = () => void calls.push('resume');
    playback.tokens.end('high', new GatecastError('revoked', 'Access has ended.', { hint: 'None.' }));
    assert.deepEqual([calls, errors, playback.state], [['rest'], ['revoked'], 'failed']);
    playback.retry();
    assert.deepEqual(calls, ['rest', 'resume']);
    playback.stop();
  });
});
