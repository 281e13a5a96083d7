import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveSource, sourceFromUrl } from '@gatecast/player/internal/source/resolve-source';

describe('the stream name in the address of a playlist', () => {
  for (const [file, name] of [
    // It looks like the start of a JWT, which redaction hides.
    ['DS00eyJSpg01zkqT.m3u8', 'DS00eyJSpg01zkqT'],
    ['eyJhbGciOiJSUzI1NiJ9.m3u8', 'eyJhbGciOiJSUzI1NiJ9'],
    ['token=abc.m3u8', 'token=abc'],
    ['100%.m3u8', '100%'],
    ['100%25.m3u8', '100%'],
    ['caf%C3%A9%.m3u8', 'café%'],
    ['%zz.m3u8', '%zz'],
    // Not UTF-8.
    ['%E0%A4.m3u8', '%E0%A4'],
    ['a%2Fb.m3u8', 'a/b'],
  ] as const)
    it(`of ${file} is ${name}`, () => {
      const source = resolveSource(
        sourceFromUrl({ hls: `https://media.example/live/${file}?x=1` }, null),
        'https://a.example/',
      );
      assert.equal(source.entries[0]?.stream, name);
    });
});
