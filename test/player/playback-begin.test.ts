import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { peekPlaylist } from '@gatecast/player/internal/loading/peek-playlist';

const head = ['#EXTM3U', '#EXT-X-TARGETDURATION:2', '#EXT-X-MAP:URI="init.mp4"'];
const segments = Array.from({ length: 6 }, (_, index) => ['#EXTINF:2,', `${String(index)}.m4s`]).flat();

function beginOf(...lines: string[]) {
  const found = peekPlaylist([...head, ...lines].join('\n'), 'https://media.example/a.m3u8');
  return found.kind === 'media' ? found.begin : null;
}

describe('where playback begins', () => {
  it('is the start of a recording', () => {
    const begin = beginOf(...segments, '#EXT-X-ENDLIST');
    assert.deepEqual(begin, { positionS: 0, segmentS: 0, totalS: 12 });
  });

  it('is three target durations before the end of a live playlist, as in hls.js', () => {
    assert.deepEqual(beginOf(...segments), { positionS: 6, segmentS: 6, totalS: 12 });
  });

  it('is inside a segment when the origin holds back another time', () => {
    const begin = beginOf('#EXT-X-SERVER-CONTROL:HOLD-BACK=7', ...segments);
    assert.deepEqual(begin, { positionS: 5, segmentS: 4, totalS: 12 });
  });

  it('is the next segment when almost all of one would be skipped', () => {
    const begin = beginOf('#EXT-X-SERVER-CONTROL:HOLD-BACK=6.1', ...segments);
    assert.deepEqual(begin, { positionS: 6, segmentS: 6, totalS: 12 });
  });

  for (const tag of [
    '#EXT-X-KEY:METHOD=AES-128,URI="key"',
    '#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI="key"',
    '#EXT-X-START:TIME-OFFSET=3',
    '#EXT-X-GAP',
    '#EXT-X-DEFINE:NAME="a",VALUE="b"',
    '#EXT-X-PART:DURATION=0.5,URI="part.m4s"',
  ])
    it(`is left to the engine with ${tag.split(':')[0] ?? ''}`, () => {
      assert.equal(beginOf(tag, ...segments), null);
    });

  it('is known when the key says that media are not encrypted', () => {
    assert.notEqual(beginOf('#EXT-X-KEY:METHOD=NONE', ...segments), null);
  });
});
