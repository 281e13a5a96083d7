import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { remember, type RememberedPlayer } from '@gatecast/player/internal/element/begin/remember';
import { Remembered, type RememberedStorage } from '@gatecast/player/internal/element/begin/remembered';

const DAY_MS = 86_400_000;

function createStorage(): RememberedStorage & { readonly items: Map<string, string> } {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
  };
}

describe('Remembered', () => {
  it('keeps the position of a recording, by its stream', () => {
    const remembered = new Remembered(createStorage(), () => 0);
    remembered.setPosition('a', 61.23, 600);
    remembered.setPosition('b', 5, 600);
    assert.deepEqual([remembered.position('a'), remembered.position('b')], [61.2, 5]);
    assert.equal(remembered.position('c'), null);
  });

  it('forgets a recording near its end, and keeps nothing of its first seconds or of a live stream', () => {
    const remembered = new Remembered(createStorage(), () => 0);
    remembered.setPosition('a', 300, 600);
    remembered.setPosition('a', 2, 600);
    remembered.setPosition('b', 300, Infinity);
    remembered.setPosition('b', NaN, 600);
    assert.deepEqual([remembered.position('a'), remembered.position('b')], [300, null]);
    remembered.setPosition('a', 586, 600);
    assert.equal(remembered.position('a'), null);
    // Of a short one, a part of it.
    remembered.setPosition('short', 94, 100);
    assert.equal(remembered.position('short'), 94);
    remembered.setPosition('short', 96, 100);
    assert.equal(remembered.position('short'), null);
  });

  it('keeps the streams that were played last, for a limited time', () => {
    const storage = createStorage();
    let nowMs = 0;
    const remembered = new Remembered(storage, () => nowMs);
    for (let index = 0; index < 60; index += 1) {
      nowMs = index;
      remembered.setPosition(`s${String(index)}`, 10, 600);
    }
    remembered.setPosition('x'.repeat(10_000), 10, 600);
    assert.deepEqual([remembered.position('s9'), remembered.position('s10')], [null, 10]);
    assert.ok([...storage.items.values()].join('').length < 4000);
    nowMs = 91 * DAY_MS;
    assert.equal(remembered.position('s59'), null);
  });

  it('remembers nothing in storage that is refused or full, and reads no damaged values', () => {
    const refuse = (): never => {
      throw new DOMException('refused', 'SecurityError');
    };
    const refused = new Remembered({ getItem: refuse, setItem: refuse });
    refused.setPosition('a', 10, 600);
    refused.setVolume({ volume: 1, muted: false });
    assert.deepEqual([refused.position('a'), refused.volume()], [null, null]);
    for (const text of ['', '{', '1', '{}', '[[1,2,3]]', '[["a","5",1]]', '[null,["a"]]', '{"volume":9}']) {
      const damaged = new Remembered({ getItem: () => text, setItem: () => undefined });
      assert.deepEqual([damaged.position('a'), damaged.volume()], [null, null], text);
    }
  });
});

describe('remember', () => {
  class TestPlayer extends EventTarget implements RememberedPlayer {
    remember = 'position volume';
    duration = 600;
    currentTime = 0;
    volume = 1;
    muted = false;

    tell(type: string, change: Partial<TestPlayer> = {}): void {
      Object.assign(this, change);
      this.dispatchEvent(new Event(type));
    }
  }
  const window = new EventTarget();
  const globals = globalThis as { addEventListener?: unknown };

  function start(storage: RememberedStorage, change: Partial<TestPlayer> = {}) {
    const player = Object.assign(new TestPlayer(), change);
    const life = new AbortController();
    const { addEventListener } = globals;
    globals.addEventListener = window.addEventListener.bind(window);
    const position = remember(player, () => 'a', life.signal, new Remembered(storage));
    globals.addEventListener = addEventListener;
    return { player, life, position };
  }

  it('gives the position at which the recording was left', () => {
    const storage = createStorage();
    const { player, life, position } = start(storage);
    assert.equal(position, null);
    player.tell('timeupdate', { currentTime: 100 });
    // Not written at once; the end of the source writes it.
    player.tell('timeupdate', { currentTime: 102 });
    assert.equal(new Remembered(storage).position('a'), 100);
    life.abort();
    assert.equal(start(storage).position, 102);
    player.tell('pause', { currentTime: 300 });
    assert.equal(start(storage).position, 102);
  });

  it('writes when the page is hidden, and nothing for a live stream', () => {
    const storage = createStorage();
    const { player } = start(storage);
    player.tell('timeupdate', { currentTime: 10 });
    player.tell('timeupdate', { currentTime: 12 });
    window.dispatchEvent(new Event('pagehide'));
    assert.equal(start(storage).position, 12);
    start(storage).player.tell('pause', { currentTime: 99, duration: Infinity });
    assert.equal(start(storage).position, 12);
  });

  it('restores the volume that the viewer has set', () => {
    const storage = createStorage();
    const { player } = start(storage);
    player.tell('volumechange');
    assert.equal(storage.items.size, 0);
    player.tell('volumechange', { volume: 0.25, muted: true });
    const { player: next } = start(storage);
    assert.deepEqual([next.volume, next.muted], [0.25, true]);
  });

  it('does not take a page’s own muting for a choice of the viewer, and never unmutes', () => {
    const storage = createStorage();
    const { player } = start(storage, { muted: true });
    player.tell('volumechange');
    assert.equal(storage.items.size, 0);
    player.tell('volumechange', { muted: false, volume: 0.5 });
    const { player: next } = start(storage, { muted: true });
    assert.deepEqual([next.volume, next.muted], [0.5, true]);
  });

  it('remembers only what the attribute names', () => {
    const storage = createStorage();
    const { player, position } = start(storage, { remember: 'volume' });
    player.tell('pause', { currentTime: 100 });
    assert.equal(position, null);
    assert.equal(storage.items.size, 0);
    const { player: other } = start(storage, { remember: ' position ' });
    other.tell('volumechange', { volume: 0.1 });
    other.tell('pause', { currentTime: 100 });
    assert.deepEqual([...storage.items.keys()], ['gatecast-positions']);
  });
});
