import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matchRenditions, type Rendition } from '@gatecast/player/internal/loading/reread/match-renditions';
import { KnownPlaylist } from '@gatecast/player/internal/loading/reread/known-playlist';

const variant = (url: string, attributes: Record<string, string> = {}): Rendition => ({
  url: `https://cdn.example/${url}`,
  tag: 'STREAM-INF',
  attributes: new Map(Object.entries(attributes)),
});
const media = (url: string, attributes: Record<string, string>): Rendition => ({
  ...variant(url, attributes),
  tag: 'MEDIA',
});
const match = (old: readonly Rendition[], next: readonly Rendition[]): (string | undefined)[] => {
  const matches = matchRenditions(old, next);
  return old.map((each) => matches.get(each)?.url.slice('https://cdn.example/'.length));
};

describe('a variant or rendition in another version of its playlist', () => {
  const HD = { BANDWIDTH: '3000000', RESOLUTION: '1280x720' };
  const SD = { BANDWIDTH: '500000', RESOLUTION: '640x360' };

  it('has the same attributes, in any order and under any address', () => {
    assert.deepEqual(
      match([variant('a?t=1', HD), variant('b?t=1', SD)], [variant('x', SD), variant('y', HD)]),
      ['y', 'x'],
    );
  });

  it('has the same path if several have the same attributes', () => {
    assert.deepEqual(
      match(
        [variant('one/a?t=1', HD), variant('two/a?t=1', HD)],
        [variant('two/a?t=2', HD), variant('one/a?t=2', HD)],
      ),
      ['one/a?t=2', 'two/a?t=2'],
    );
  });

  it('has the same stable id, also if all else has changed', () => {
    const id = (name: string) => ({ 'STABLE-VARIANT-ID': name });
    assert.deepEqual(
      match(
        [variant('a', { ...HD, ...id('1') }), variant('b', { ...SD, ...id('2') })],
        [variant('x', { ...HD, ...id('2') }), variant('y', id('1'))],
      ),
      ['y', 'x'],
    );
  });

  it('has about the same bitrate if the origin measures it', () => {
    const of = (bandwidth: number) => ({ BANDWIDTH: String(bandwidth), RESOLUTION: '1280x720' });
    assert.deepEqual(match([variant('a', of(2000)), variant('b', of(1000))], [variant('x', of(1050))]), [
      undefined,
      'x',
    ]);
  });

  it('is the one with the same language if its group has another name', () => {
    const of = (group: string, language: string) => ({
      TYPE: 'AUDIO',
      'GROUP-ID': group,
      NAME: language,
      LANGUAGE: language,
    });
    assert.deepEqual(
      match(
        [media('a', of('s1', 'en')), media('b', of('s1', 'de'))],
        [media('y', of('s2', 'de')), media('x', of('s2', 'en'))],
      ),
      ['x', 'y'],
    );
  });

  it('is not another one if it is gone', () => {
    assert.deepEqual(match([variant('a', HD), variant('b', SD)], [variant('b', SD)]), [undefined, 'b']);
    assert.deepEqual(
      match([variant('a', HD), variant('b', SD)], [variant('b', SD), variant('c', { RESOLUTION: '1x1' })]),
      [undefined, 'b'],
    );
  });

  it('has the same place if nothing else is known', () => {
    const of = (bandwidth: string, name: string) => ({ BANDWIDTH: bandwidth, CODECS: name });
    assert.deepEqual(
      match(
        [variant('a', of('2', 'a')), variant('b', of('1', 'b'))],
        [variant('x', of('9', 'c')), variant('y', of('8', 'd'))],
      ),
      ['x', 'y'],
    );
  });
});

describe('a hostile playlist', () => {
  /** Milliseconds to read a playlist twice; the shortest of some attempts. */
  function timeOf(text: string): number {
    const times = [1, 2, 3].map(() => {
      const playlist = new KnownPlaylist(
        { url: 'https://cdn.example/a.m3u8', stream: 'a', responseType: 'text' },
        Math.random,
      );
      const response = {
        url: 'https://cdn.example/a.m3u8',
        status: 200,
        data: text,
        headers: new Headers(),
        timing: { startMs: 0, firstByteMs: 0, endMs: 0 },
      };
      const startMs = performance.now();
      for (const address of ['1', '2']) playlist.give(response, address, { atMs: 0, version: null });
      return performance.now() - startMs;
    });
    return Math.min(...times);
  }
  const forms: Record<string, (count: number) => string> = {
    'many equal variants': (count) => '#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n'.repeat(count / 10),
    'many segments': (count) => `#EXTINF:2,\n${'a.m4s\n'.repeat(count)}`,
    'one long name': (count) => `#EXTINF:2,\n#EXT-X-KEY:URI="${'A'.repeat(count * 10)}`,
    'one long path': (count) => `#EXTINF:2,\n${'/a=b'.repeat(count * 2)}\n`,
  };
  for (const [name, write] of Object.entries(forms)) {
    it(`takes a time that grows no faster than its text: ${name}`, () => {
      const [small, large] = [timeOf(write(2000)), timeOf(write(16_000))];
      // Eight times the text would take 64 times as long.
      assert.ok(large < 30 * Math.max(small, 1), `${small.toFixed(1)} and ${large.toFixed(1)} ms`);
    });
  }
});
