import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startPlaylist } from '@gatecast/player/internal/element/begin/start-playlist';
import { peekPlaylist } from '@gatecast/player/internal/loading/peek-playlist';

const segments = Array.from({ length: 10 }, (_, index) => `#EXTINF:4,\n${String(index)}.m4s`);

function playlist(...tags: readonly string[]): string {
  return ['#EXTM3U', '#EXT-X-TARGETDURATION:4', ...tags].join('\n');
}

const recording = playlist(...segments, '#EXT-X-ENDLIST');
const live = playlist(...segments);

/** Seconds, as the playlist says; `null` if it does not. */
function offsetOf(text: string): number | null {
  const tags = [...text.matchAll(/^#EXT-X-START:TIME-OFFSET=(.+)$/gm)];
  assert.ok(tags.length <= 1, text);
  return tags[0] ? Number(tags[0][1]) : null;
}

describe('startPlaylist', () => {
  const cases: readonly (readonly [string, string, number, number])[] = [
    ['begins a recording at a time', recording, 13, 13],
    ['reads lengths after a space', recording.replaceAll('EXTINF:', 'EXTINF: '), 13, 13],
    ['counts a negative time from the end of a recording', recording, -10, 30],
    ['leaves a picture to show for a time after the end', recording, 500, 39.9],
    ['begins a live stream at its oldest media', live, 0, 0],
    ['counts a negative time from the live position', live, -8, 20],
    ['never begins after the live position', live, 600, 28],
    [
      'knows the live position of HOLD-BACK',
      playlist('#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=24,HOLD-BACK=16', ...segments),
      600,
      24,
    ],
    [
      'knows the live position of PART-HOLD-BACK, and the parts after the last segment',
      playlist(
        '#EXT-X-SERVER-CONTROL:HOLD-BACK=12,PART-HOLD-BACK=1.5',
        '#EXT-X-PART:DURATION=1,URI="0.1.m4s"',
        ...segments,
        '#EXT-X-PART:DURATION=1,URI="10.1.m4s"',
        '#EXT-X-PART:INDEPENDENT=YES,DURATION=1,URI="10.2.m4s"',
      ),
      600,
      40.5,
    ],
  ];
  for (const [title, text, startTime, expected] of cases)
    it(title, () => assert.equal(offsetOf(startPlaylist(text, startTime)), expected));

  it('takes the place of what the playlist says', () => {
    const own = playlist('#EXT-X-START:TIME-OFFSET=3,PRECISE=YES', ...segments, '#EXT-X-ENDLIST');
    assert.equal(startPlaylist(own, 13), startPlaylist(recording, 13));
  });

  it('removes the tag from a multivariant playlist, which would count more than those of its children', () => {
    const tags = ['#EXT-X-STREAM-INF:BANDWIDTH=1', 'a.m3u8'];
    const text = ['#EXTM3U', '#EXT-X-START:TIME-OFFSET=3', ...tags].join('\r\n');
    assert.equal(startPlaylist(text, 13), ['#EXTM3U', ...tags].join('\r\n'));
  });

  it('changes nothing that is not a playlist', () => {
    for (const text of ['', 'WEBVTT\n\n', '<html>#EXTM3U', '{"#EXTINF:4,": 1}'])
      assert.equal(startPlaylist(text, 13), text);
  });

  it('lets the same segment be requested first with which the engine begins', () => {
    const firstOf = (text: string) => {
      const found = peekPlaylist(text, 'https://media.example/a.m3u8');
      return found.kind === 'media' ? found.first.map(({ url }) => url.split('/').at(-1)) : null;
    };
    assert.deepEqual(firstOf(startPlaylist(recording, 13)), ['3.m4s']);
    assert.deepEqual(firstOf(startPlaylist(live, 0)), ['0.m4s']);
    assert.deepEqual(firstOf(playlist('#EXT-X-START:TIME-OFFSET=-6', ...segments, '#EXT-X-ENDLIST')), [
      '8.m4s',
    ]);
    assert.deepEqual(firstOf(playlist('#EXT-X-START:PRECISE=YES,TIME-OFFSET=21', ...segments)), ['5.m4s']);
  });

  it('needs a time that grows no faster than the text', () => {
    for (const piece of [
      '#EXT-X-PART:DURATION',
      '#EXT-X-SERVER-CONTROL:,',
      '#EXTINF:1',
      'DURATION=,',
      '\r\n',
    ])
      for (const text of [
        `#EXTM3U\n${piece.repeat(200_000)}`,
        `#EXTM3U\n#EXTINF:4,\n${piece}${','.repeat(2e6)}`,
      ])
        assert.ok(startPlaylist(text, 13).length <= text.length + 50);
  });
});
