import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, type ErrorCode } from '@gatecast/token';
import { checkPlaylist } from '@gatecast/player/internal/loading/check-playlist';
import { peekPlaylist } from '@gatecast/player/internal/loading/peek-playlist';

const URL_ = 'https://origin.example/live/a.m3u8';
const media = (...lines: string[]) => ['#EXTM3U', '#EXT-X-TARGETDURATION:2', ...lines, ''].join('\n');

function assertRefused(text: string, code: ErrorCode, message: RegExp): void {
  assert.throws(
    () => checkPlaylist(text, URL_),
    (error) => error instanceof GatecastError && error.code === code && message.test(error.message),
  );
}

describe('checkPlaylist', () => {
  it('accepts a day of segments with signed addresses and times', () => {
    const lines = Array.from({ length: 43_200 }, (_, index) =>
      [
        `#EXT-X-PROGRAM-DATE-TIME:${new Date(index * 2000).toISOString()}`,
        '#EXTINF:2.000,',
        `segment-${index}.m4s?signature=${'a'.repeat(40)}`,
      ].join('\n'),
    );
    checkPlaylist(media('#EXT-X-MAP:URI="init.mp4"', ...lines), URL_);
  });

  it('accepts long data in an attribute', () => {
    checkPlaylist(
      media(`#EXT-X-KEY:METHOD=SAMPLE-AES,URI="data:text/plain;base64,${'A'.repeat(20_000)}"`),
      URL_,
    );
  });

  it('accepts an imported variable in every segment', () => {
    const longest = checkPlaylist('#EXTM3U\n#EXT-X-DEFINE:NAME="path",VALUE="a/b/c"\n', URL_);
    checkPlaylist(
      media('#EXT-X-DEFINE:IMPORT="path"', '#EXTINF:2,\n{$path}/s.ts\n'.repeat(40_000)),
      URL_,
      longest,
    );
  });

  it('refuses too many lines, and too long ones', () => {
    assertRefused(media('a\n'.repeat(200_001)), 'source-too-large', /200000 lines/);
    assertRefused(media('a'.repeat(65_537)), 'source-too-large', /65536 characters/);
  });

  for (const [tag, limit] of [
    ['STREAM-INF', 500],
    ['MEDIA', 500],
    ['DATERANGE', 2000],
    ['DISCONTINUITY-SEQUENCE', 10],
  ] as const) {
    it(`refuses more than ${limit} EXT-X-${tag} tags`, () => {
      checkPlaylist(media(...Array<string>(limit).fill(`#EXT-X-${tag}:0`)), URL_);
      assertRefused(
        media(...Array<string>(limit + 1).fill(`#EXT-X-${tag}:0`)),
        'source-too-large',
        new RegExp(`EXT-X-${tag}`),
      );
    });
  }

  it('refuses text that hls.js reads in quadratic time', () => {
    assertRefused(media(`#EXT-X-KEY:${'a'.repeat(60_000)}`), 'source-too-large', /no attribute/);
    assertRefused(media(' '.repeat(60_000)), 'source-too-large', /no attribute/);
    assertRefused(media(`#EXTINF:1${' '.repeat(60_000)}`), 'source-too-large', /no attribute/);
    assertRefused(
      media(`x#EXT-X-MEDIA:a=b#EXT-X-MEDIA:${'a'.repeat(60_000)}`),
      'source-too-large',
      /no attribute/,
    );
  });

  it('refuses variables that expand to more than the memory', () => {
    const big = `#EXT-X-DEFINE:NAME="a",VALUE="${'x'.repeat(60_000)}"`;
    assertRefused(
      media(big, ...Array<string>(2000).fill('{$a}{$a}{$a}')),
      'source-too-large',
      /EXT-X-DEFINE/,
    );
    const nested = Array.from(
      { length: 40 },
      (_, index) => `#EXT-X-DEFINE:NAME="v${index + 1}",VALUE="{$v${index}}{$v${index}}"`,
    );
    assertRefused(media('#EXT-X-DEFINE:NAME="v0",VALUE="x"', ...nested), 'source-too-large', /EXT-X-DEFINE/);
  });

  for (const count of ['-1', '1000000000', '"{$n}"', 'x']) {
    it(`refuses SKIPPED-SEGMENTS=${count}, for which hls.js would fill the memory`, () => {
      assertRefused(media(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${count}`), 'source-invalid', /SKIPPED-SEGMENTS/);
    });
  }

  it('refuses a target duration whose timer would overflow, and numbers that cannot be counted', () => {
    assertRefused('#EXTM3U\n#EXT-X-TARGETDURATION:99999999\n', 'source-invalid', /TARGETDURATION/);
    assertRefused(media('#EXT-X-MEDIA-SEQUENCE:99999999999999999999'), 'source-invalid', /MEDIA-SEQUENCE/);
  });
});

describe('peekPlaylist', () => {
  it('leaves out a variant whose address is not a URL', () => {
    const text =
      '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://[bad/x\n#EXT-X-STREAM-INF:BANDWIDTH=2\ngood.m3u8\n';
    const playlist = peekPlaylist(text, URL_);
    assert.deepEqual(playlist.kind === 'multivariant' && playlist.variants.map(({ url }) => url), [
      'https://origin.example/live/good.m3u8',
    ]);
  });

  for (const text of [
    '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://[bad/x\n',
    media('#EXTINF:2,', 'http://[bad/x', '#EXT-X-ENDLIST'),
    media('#EXT-X-MAP:URI="http://[bad/x"', '#EXTINF:2,', 'a.ts', '#EXT-X-ENDLIST'),
  ]) {
    it(`reports a typed error for ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => peekPlaylist(text, URL_),
        (error) => error instanceof GatecastError && error.code === 'source-invalid',
      );
    });
  }
});
