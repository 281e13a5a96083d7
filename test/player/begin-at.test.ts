import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { beginAt } from '@gatecast/player/internal/engine/hls/begin-at';

describe('beginAt', () => {
  it('lets a recording begin at a time, whatever its playlist says', () => {
    const text = '#EXTM3U\r\n#EXT-X-START:TIME-OFFSET=3\r\n#EXTINF:4,\r\n0.m4s\r\n#EXT-X-ENDLIST';
    const tag = '#EXT-X-START:TIME-OFFSET=12.5';
    assert.equal(beginAt(text, 12.5), `#EXTM3U\n${tag}\r\n#EXTINF:4,\r\n0.m4s\r\n#EXT-X-ENDLIST`);
  });

  it('leaves a live stream where it is live', () => {
    assert.equal(beginAt('#EXTM3U\n#EXTINF:4,\n0.m4s', 12.5), '#EXTM3U\n#EXTINF:4,\n0.m4s');
  });

  it('removes the tag of a multivariant playlist, which would count more', () => {
    const variant = '#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8';
    assert.equal(beginAt(`#EXTM3U\n#EXT-X-START:TIME-OFFSET=3\n${variant}`, 12.5), `#EXTM3U\n${variant}`);
  });
});
