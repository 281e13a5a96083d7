import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { composeMultivariant } from '@gatecast/player/internal/engine/hls/compose-multivariant';
import { readMultivariantEntry } from '@gatecast/player/internal/engine/hls/multivariant-entry';
import { optionsNeedFullBuild } from '@gatecast/player/internal/engine/hls/full-build-options';
import { needsFullBuild } from '@gatecast/contract';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';

const { entries } = resolveSource(
  { entries: ['cam1', 'cam2'].map((name) => ({ hls: `https://media.example/${name}/index.m3u8` })) },
  'https://page.example/',
);

const playlist = (...lines: string[]): string => ['#EXTM3U', ...lines, ''].join('\n');
const read = (text: string, name = 'cam1') =>
  readMultivariantEntry(text, `https://media.example/${name}/index.m3u8`, () => true);

/** As MediaMTX 1.x writes it: the type is quoted. */
const mediaMtx = playlist(
  '#EXT-X-VERSION:9',
  '#EXT-X-INDEPENDENT-SEGMENTS',
  '',
  '#EXT-X-MEDIA:TYPE="AUDIO",GROUP-ID="audio",NAME="audio2",AUTOSELECT=YES,DEFAULT=YES,URI="audio2_stream.m3u8"',
  '',
  '#EXT-X-STREAM-INF:BANDWIDTH=1256,AVERAGE-BANDWIDTH=1200,CODECS="avc1.42c028,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=30.000,AUDIO="audio"',
  'video1_stream.m3u8',
);

/** The composed playlist of two entries with these texts. */
function compose(...texts: string[]): string {
  const expanded = texts.map((text, index) => {
    const found = read(text, `cam${String(index + 1)}`);
    assert.ok(found);
    return [index, found] as const;
  });
  return composeMultivariant(entries, new Map(expanded));
}

describe('the playlist composed of several entries', () => {
  it('keeps the groups of each entry under names of their own, with absolute addresses', () => {
    const lines = compose(mediaMtx, mediaMtx).split('\n');
    const media = lines.filter((line) => line.startsWith('#EXT-X-MEDIA:'));
    assert.deepEqual(
      media.map((line) => /TYPE=AUDIO,GROUP-ID="([^"]+)".*URI="([^"]+)"/.exec(line)?.slice(1)),
      [
        ['entry-0-audio', 'https://media.example/cam1/audio2_stream.m3u8'],
        ['entry-1-audio', 'https://media.example/cam2/audio2_stream.m3u8'],
      ],
    );
    const variants = lines.filter((line) => line.startsWith('#EXT-X-STREAM-INF:'));
    assert.match(variants[0] ?? '', /AUDIO="entry-0-audio"/);
    assert.match(variants[1] ?? '', /AUDIO="entry-1-audio"/);
    assert.match(variants[1] ?? '', /CODECS="avc1\.42c028,mp4a\.40\.2",RESOLUTION=1920x1080/);
    assert.ok(lines.includes('https://media.example/cam2/video1_stream.m3u8'));
  });

  it('gives no two entries the same bitrate, because hls.js takes such variants for copies', () => {
    const bitrates = [...compose(mediaMtx, mediaMtx).matchAll(/:BANDWIDTH=(\d+)/g)].map(([, value]) => value);
    assert.deepEqual(bitrates, ['1256', '1255']);
    assert.doesNotMatch(compose(mediaMtx, mediaMtx), /AVERAGE-BANDWIDTH/);
  });

  it('keeps CLOSED-CAPTIONS=NONE, and renames the other groups', () => {
    const text = playlist(
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="Deutsch",LANGUAGE="de",URI="de/text.m3u8"',
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="other",NAME="x",URI="x.m3u8"',
      '#EXT-X-STREAM-INF:BANDWIDTH=900,SUBTITLES="text",CLOSED-CAPTIONS=NONE',
      'high.m3u8',
    );
    const composed = compose(text, mediaMtx);
    assert.match(composed, /SUBTITLES="entry-0-text",CLOSED-CAPTIONS=NONE/);
    assert.match(composed, /GROUP-ID="entry-0-text",NAME="Deutsch"/);
    assert.doesNotMatch(composed, /other/);
  });

  it('replaces variables and keeps their definitions for media playlists', () => {
    const text = playlist(
      '#EXT-X-DEFINE:NAME="dir",VALUE="a/b"',
      '#EXT-X-STREAM-INF:BANDWIDTH=900',
      '{$dir}/high.m3u8',
    );
    const composed = compose(text, mediaMtx);
    assert.ok(composed.split('\n').includes('https://media.example/cam1/a/b/high.m3u8'));
    assert.match(composed, /#EXT-X-DEFINE:NAME="dir",VALUE="a\/b"/);
  });

  it('takes the best variant that the browser decodes', () => {
    const text = playlist(
      '#EXT-X-STREAM-INF:BANDWIDTH=900,CODECS="avc1.42c028"',
      'low.m3u8',
      '#EXT-X-STREAM-INF:BANDWIDTH=9000,CODECS="vvc1.1"',
      'best.m3u8',
    );
    const found = readMultivariantEntry(
      text,
      'https://media.example/a.m3u8',
      (codecs) => codecs !== 'vvc1.1',
    );
    assert.equal(found?.url, 'https://media.example/low.m3u8');
    assert.equal(read(playlist('#EXT-X-TARGETDURATION:2', '#EXTINF:2,', 'a.ts')), null);
  });
});

describe('the choice of the full build of hls.js', () => {
  for (const [line, isNeeded] of [
    ['#EXT-X-MEDIA:TYPE="AUDIO",GROUP-ID="a",NAME="a",URI="a.m3u8"', true],
    ['#EXT-X-MEDIA:URI="a.m3u8",TYPE=SUBTITLES,GROUP-ID="a",NAME="a"', true],
    ['#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="cc",NAME="a",INSTREAM-ID="CC1"', true],
    ['#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="inside the variant"', false],
    ['#EXT-X-DEFINE:NAME="a",VALUE="b"', true],
    ['#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI="skd://x"', true],
    ['#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,URI="data:,x",KEYFORMAT="urn:uuid:x"', true],
    ['#EXT-X-KEY:METHOD=AES-128,URI="key"', false],
    ['#EXT-X-DATERANGE:ID="1",CLASS="com.apple.hls.interstitial",START-DATE="2026-01-01T00:00:00Z"', true],
    ['#EXT-X-DATERANGE:ID="1",CLASS="com.example.programme",START-DATE="2026-01-01T00:00:00Z"', false],
    ['#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1.42c028,ec-3"', true],
    ['#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1.42c028,mp4a.40.2"', false],
    ['#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="i.m3u8"', false],
  ] as const)
    it(`is ${isNeeded ? 'yes' : 'no'} for ${line}`, () => {
      assert.equal(needsFullBuild(playlist('#EXT-X-VERSION:7', line)), isNeeded);
      assert.equal(needsFullBuild(playlist('#EXT-X-VERSION:7', line).replaceAll('\n', '\r\n')), isNeeded);
    });

  it('depends on the options of hls.js', () => {
    for (const name of ['emeEnabled', 'cmcd', 'drmSystems', 'enableWebVTT', 'captionsTextTrack1Label'])
      assert.equal(optionsNeedFullBuild({ [name]: {} }), true, name);
    assert.equal(optionsNeedFullBuild({ emeEnabled: false, backBufferLength: 3, debug: true }), false);
  });
});
