import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeptPlaylists } from '@gatecast/player/internal/engine/hls/kept-playlists';
import type { MediaResponse } from '@gatecast/token';

const URL_OF_PLAYLIST = 'https://media.example/live/low.m3u8';

function answer(data: string): MediaResponse {
  const timing = { startMs: 0, firstByteMs: 0, endMs: 0 };
  return { url: URL_OF_PLAYLIST, status: 200, data, headers: new Headers({ Age: '9' }), timing };
}

/** A live playlist with three segments. */
function playlist(first: number, count = 3): string {
  const segments = Array.from({ length: count }, (_, index) => `#EXTINF:2,\n${first + index}.ts\n`);
  return `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:${first}\n${segments.join('')}`;
}

function createKept() {
  const time = { nowMs: 0 };
  const kept = new KeptPlaylists(() => time.nowMs);
  return {
    time,
    kept,
    take: (text: string, wantsDelta = false) => kept.take('low', answer(text), wantsDelta).data,
    old: (hasAlternative = false, wantsDelta = false) => kept.answerFor('low', wantsDelta, hasAlternative),
  };
}

describe('the last good playlist of a live stream', () => {
  it('answers failed reloads for 15 s, without the headers of its own answer', () => {
    const { take, old, time } = createKept();
    take(playlist(10));
    for (const nowMs of [1000, 4000, 8000, 15_000]) {
      time.nowMs = nowMs;
      assert.equal(old()?.data, playlist(10));
      assert.equal(old()?.headers.get('Age'), null);
    }
    time.nowMs = 15_001;
    assert.equal(old(), null);
  });

  it('answers one failed reload in a row if another rendition can play', () => {
    const { take, old } = createKept();
    take(playlist(10));
    assert.ok(old(true));
    assert.equal(old(true), null);
    take(playlist(11));
    assert.ok(old(true));
  });

  it('answers nothing before the first good playlist', () => {
    const { old } = createKept();
    assert.equal(old(), null);
  });

  it('answers nothing for a stream that has ended', () => {
    const { take, old } = createKept();
    take(`${playlist(10)}#EXT-X-ENDLIST\n`);
    assert.equal(old(), null);
  });

  for (const [name, text] of [
    ['an empty answer', ''],
    ['#EXTM3U alone', '#EXTM3U\n'],
    ['a playlist cut off before its first segment', '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQ'],
    ['an HTML page', '<!doctype html><title>Sign in</title>'],
  ] as const) {
    it(`does not take ${name} for a playlist`, () => {
      const { take, old } = createKept();
      take(playlist(10));
      assert.throws(() => take(text), { code: 'source-not-hls' });
      assert.equal(old()?.data, playlist(10));
    });
  }

  it('says that an empty playlist may pass, and a page of another kind not by itself', () => {
    const { take } = createKept();
    assert.throws(() => take('#EXTM3U'), { code: 'source-not-hls', retryable: true });
    assert.throws(() => take('<html>'), { code: 'source-not-hls', retryable: false });
  });

  it('replaces an older playlist of the same stream, from an edge that is behind', () => {
    const { take } = createKept();
    take(playlist(10));
    assert.equal(take(playlist(9)), playlist(10));
    assert.equal(take(playlist(8)), playlist(10));
    assert.equal(take(playlist(11)), playlist(11));
  });

  it('accepts a stream that has started again', () => {
    const { take } = createKept();
    take(playlist(500));
    assert.equal(take(playlist(0)), playlist(0));
  });

  it('accepts a stream that has started again with the same addresses after three reloads', () => {
    const { take } = createKept();
    take(playlist(1));
    for (let reload = 0; reload < 3; reload += 1) assert.equal(take(playlist(0)), playlist(1));
    assert.equal(take(playlist(0)), playlist(0));
  });

  it('replaces a playlist that ends in the middle of a line', () => {
    const { take } = createKept();
    take(playlist(10));
    assert.equal(take(playlist(11).slice(0, -3)), playlist(10));
  });

  it('takes a playlist without a last newline from a packager that writes none', () => {
    const { take } = createKept();
    take(playlist(10).trimEnd());
    assert.equal(take(playlist(11).trimEnd()), playlist(11).trimEnd());
  });

  it('does not answer with a delta update when a full playlist is asked for', () => {
    const { take, old } = createKept();
    const delta = '#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:10\n#EXT-X-SKIP:SKIPPED-SEGMENTS=2\n#EXTINF:2,\n12.ts\n';
    take(playlist(9));
    assert.equal(take(delta, true), delta);
    assert.equal(old(false, true)?.data, delta);
    assert.equal(old(false, false), null);
  });

  it('takes a low-latency playlist that has only parts', () => {
    const { take } = createKept();
    const parts = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-PART:DURATION=0.5,URI="1.0.m4s"\n';
    assert.equal(take(parts), parts);
  });
});
