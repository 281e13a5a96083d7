import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import {
  PlayerMediaSession,
  type SessionPlayer,
  type SystemSession,
} from '@gatecast/player/internal/overlay/media-session';

class TestSession implements SystemSession {
  metadata: MediaMetadata | null = null;
  playbackState: MediaSessionPlaybackState = 'none';
  position: MediaPositionState | undefined;
  readonly handlers = new Map<MediaSessionAction, MediaSessionActionHandler>();

  setActionHandler(action: MediaSessionAction, handler: MediaSessionActionHandler | null): void {
    if (action === 'seekto' && this.refusesSeekTo) throw new TypeError('unknown action');
    if (handler) this.handlers.set(action, handler);
    else this.handlers.delete(action);
  }

  refusesSeekTo = false;

  setPositionState(state?: MediaPositionState): void {
    if (state?.playbackRate === 0) throw new TypeError('rate');
    this.position = state;
  }

  act(action: MediaSessionAction, details: Partial<MediaSessionActionDetails> = {}): void {
    this.handlers.get(action)?.({ action, ...details });
  }
}

class TestPlayer extends EventTarget implements SessionPlayer {
  videoTitle = 'A title';
  poster = 'https://example.com/a.jpg';
  paused = true;
  duration = 600;
  playbackRate = 1;
  currentTime = 100;
  streamType: SessionPlayer['streamType'] = 'on-demand';
  range: readonly [number, number] = [0, 600];
  readonly calls: string[] = [];

  get seekable() {
    const [begin, end] = this.range;
    return { length: end > begin ? 1 : 0, start: () => begin, end: () => end };
  }

  play(): Promise<void> {
    this.calls.push('play');
    return Promise.reject(new DOMException('refused', 'NotAllowedError'));
  }

  pause(): void {
    this.calls.push('pause');
  }

  tell(type: string, change: Partial<Omit<TestPlayer, 'seekable' | 'calls'>> = {}): void {
    Object.assign(this, change);
    this.dispatchEvent(new Event(type));
  }
}

describe('PlayerMediaSession', () => {
  const globals = globalThis as { MediaMetadata?: unknown };
  const { MediaMetadata } = globals;
  before(() => {
    globals.MediaMetadata = function (this: object, init: object) {
      Object.assign(this, init);
    };
  });
  after(() => {
    globals.MediaMetadata = MediaMetadata;
  });

  let session: TestSession;
  beforeEach(() => {
    session = new TestSession();
  });
  // Functions, because TypeScript would assume the value of an assertion before.
  const position = (): MediaPositionState | undefined => session.position;
  const title = (): string | undefined => session.metadata?.title;
  const start = (change: Parameters<TestPlayer['tell']>[1] = {}) => {
    const player = new TestPlayer();
    Object.assign(player, change);
    return { player, shown: new PlayerMediaSession(player, session) };
  };

  it('shows title, poster, state and position of the player that plays', () => {
    const { player } = start();
    assert.equal(session.metadata, null);
    player.tell('play', { paused: false });
    assert.deepEqual(Object.assign({}, session.metadata), {
      title: 'A title',
      artwork: [{ src: player.poster }],
    });
    assert.equal(session.playbackState, 'playing');
    assert.deepEqual(session.position, { duration: 600, playbackRate: 1, position: 100 });
    player.tell('pause', { paused: true });
    assert.equal(session.playbackState, 'paused');
    player.tell('seeked', { currentTime: 601 });
    assert.equal(position()?.position, 600);
    player.tell('ratechange', { playbackRate: 0 });
  });

  it('plays, pauses and seeks, within what can be sought', () => {
    const { player } = start({ paused: false });
    session.act('pause');
    session.act('play');
    assert.deepEqual(player.calls, ['pause', 'play']);
    session.act('seekbackward');
    assert.equal(player.currentTime, 90);
    session.act('seekforward', { seekOffset: 30 });
    assert.equal(player.currentTime, 120);
    session.act('seekto', { seekTime: 900 });
    assert.equal(player.currentTime, 600);
    session.act('seekto');
    assert.equal(player.currentTime, 600);
  });

  it('seeks in a live stream only when its window is long enough, and shows no position', () => {
    const { player } = start({ streamType: 'live', duration: Infinity, range: [0, 10], paused: false });
    assert.deepEqual([...session.handlers.keys()], ['play', 'pause']);
    assert.equal(session.position, undefined);
    player.tell('progress', { range: [0, 60] });
    assert.ok(session.handlers.has('seekto'));
    player.tell('emptied', { range: [0, 0] });
    assert.deepEqual([...session.handlers.keys()], ['play', 'pause']);
  });

  it('belongs to the player that was started last, and not to one that has left', () => {
    const first = start({ videoTitle: 'first', paused: false });
    const second = start({ videoTitle: 'second' });
    assert.equal(title(), 'first');
    second.player.tell('play', { paused: false });
    assert.equal(title(), 'second');
    first.player.tell('pause', { paused: true });
    assert.equal(session.playbackState, 'playing');
    first.shown.stop();
    assert.equal(title(), 'second');
    second.shown.stop();
    assert.deepEqual(
      [session.metadata, session.playbackState, session.position, session.handlers.size],
      [null, 'none', undefined, 0],
    );
    second.player.tell('play');
    assert.equal(session.metadata, null);
  });

  it('leaves the session of the page alone without a title, and follows the attribute', () => {
    session.setActionHandler('play', () => undefined);
    const { player, shown } = start({ videoTitle: '', paused: false });
    player.tell('play');
    assert.deepEqual([session.metadata, session.playbackState, session.handlers.size], [null, 'none', 1]);
    player.tell('playing', { videoTitle: 'later' });
    player.videoTitle = 'other';
    shown.update();
    assert.equal(title(), 'other');
    player.videoTitle = '';
    shown.update();
    assert.equal(session.metadata, null);
  });

  it('works where the browser has no session or not all actions', () => {
    new PlayerMediaSession(new TestPlayer(), null).update();
    session.refusesSeekTo = true;
    start({ paused: false });
    assert.ok(session.handlers.has('seekforward'));
  });
});
