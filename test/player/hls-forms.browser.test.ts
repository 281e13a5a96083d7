import { expect } from 'chai';
import Hls from 'hls.js';
import { cleanPage } from './support/clean-page.js';
import { formUrl, playlist, recording, requestedPaths, storeForm } from './support/hls-form-origin.js';
import { mountPlayer, until } from './support/player-fixture.js';
import { skipUnless } from '../support/skip-unless.js';

const LOW = '#EXT-X-STREAM-INF:BANDWIDTH=300000,CODECS="avc1.4d401e,mp4a.40.2",RESOLUTION=640x360';
const HIGH = '#EXT-X-STREAM-INF:BANDWIDTH=900000,CODECS="avc1.4d401f,mp4a.40.2",RESOLUTION=1280x720';
const audio = (name: string, more = ''): string =>
  `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aud",NAME="${name}",LANGUAGE="${name}",AUTOSELECT=YES,URI="audio-${name}.m3u8"${more}`;
const separate = {
  'video.m3u8': recording({ kind: 'video' }),
  'audio-en.m3u8': recording({ kind: 'audio' }),
  'audio-de.m3u8': recording({ kind: 'audio', label: 'medium' }),
};
const DATE = '2026-01-01T00:00:00.000Z';

/**
 * The forms of hls.js' own list of test streams (tests/test-streams.js in video-dev/hls.js), and of tags that it reads
 * besides: the media of the list is not at hand, so each form is made of the demo's clip.
 */
const FORMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'adaptive qualities, MPEG-TS': {
    'index.m3u8': playlist(LOW, 'low.m3u8', HIGH, 'high.m3u8'),
    'low.m3u8': recording({ extension: 'ts' }),
    'high.m3u8': recording({ extension: 'ts', label: 'high' }),
  },
  'one quality, MPEG-TS': { 'index.m3u8': recording({ extension: 'ts' }) },
  'discontinuities with program dates out of order': {
    'index.m3u8': recording({
      before: {
        0: [`#EXT-X-PROGRAM-DATE-TIME:${DATE}`],
        1: [`#EXT-X-PROGRAM-DATE-TIME:${DATE}`],
        2: ['#EXT-X-DISCONTINUITY', '#EXT-X-PROGRAM-DATE-TIME:2030-01-01T00:00:00Z'],
        3: ['#EXT-X-PROGRAM-DATE-TIME:not a date'],
      },
    }),
  },
  'muxed fMP4': { 'index.m3u8': playlist(LOW, 'low.m3u8'), 'low.m3u8': recording() },
  'audio only, several qualities': {
    'index.m3u8': playlist(
      '#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS="mp4a.40.2"',
      'audio-en.m3u8',
      '#EXT-X-STREAM-INF:BANDWIDTH=128000,CODECS="mp4a.40.2"',
      'audio-de.m3u8',
    ),
    ...separate,
  },
  'several audio tracks, fMP4': {
    'index.m3u8': playlist(audio('en', ',DEFAULT=YES'), audio('de'), `${LOW},AUDIO="aud"`, 'video.m3u8'),
    ...separate,
  },
  'alternate audio and subtitles': {
    'index.m3u8': playlist(
      audio('en', ',DEFAULT=YES'),
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="sub",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,URI="sub.m3u8"',
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="sub",NAME="Deutsch",LANGUAGE="de",AUTOSELECT=YES,URI="sub.m3u8"',
      `${LOW},AUDIO="aud",SUBTITLES="sub"`,
      'video.m3u8',
    ),
    'sub.m3u8': recording({ kind: 'text', extension: 'vtt' }),
    ...separate,
  },
  'audio only with alternate audio': {
    'index.m3u8': playlist(
      audio('en', ',DEFAULT=YES'),
      audio('de'),
      '#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS="mp4a.40.2",AUDIO="aud"',
      'audio-en.m3u8',
    ),
    ...separate,
  },
  'declared closed captions, and none in the video': {
    'index.m3u8': playlist(
      '#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="cc",NAME="English",LANGUAGE="en",INSTREAM-ID="CC1"',
      `${LOW},CLOSED-CAPTIONS="cc"`,
      'low.m3u8',
    ),
    'low.m3u8': recording({ extension: 'ts' }),
  },
  'variables of a multivariant playlist': {
    'index.m3u8': playlist(
      '#EXT-X-DEFINE:NAME="file",VALUE="low"',
      '#EXT-X-DEFINE:NAME="kind",VALUE="all"',
      LOW,
      '{$file}.m3u8',
    ),
    'low.m3u8': recording({ header: ['#EXT-X-DEFINE:IMPORT="kind"'], folder: 'media/low/{$kind}' }),
  },
  'variables of a media playlist only': {
    'index.m3u8': playlist(LOW, 'low.m3u8'),
    'low.m3u8': recording({
      header: ['#EXT-X-DEFINE:NAME="dir",VALUE="media/low"'],
      folder: '{$dir}/all',
    }),
  },
  'an interstitial with an asset list': {
    'index.m3u8': recording({
      header: [
        `#EXT-X-DATERANGE:ID="ad",CLASS="com.apple.hls.interstitial",START-DATE="${DATE}",DURATION=8,X-ASSET-LIST="ads.json",X-RESUME-OFFSET=0`,
      ],
      before: { 0: [`#EXT-X-PROGRAM-DATE-TIME:${DATE}`] },
    }),
    'ads.json': '{"ASSETS":[{"URI":"FORM/ad.m3u8","DURATION":8}]}',
    'ad.m3u8': recording({ label: 'medium' }),
  },
  'content steering, session data and I-frame playlists': {
    'index.m3u8': playlist(
      '#EXT-X-CONTENT-STEERING:SERVER-URI="steering.json",PATHWAY-ID="a"',
      '#EXT-X-SESSION-DATA:DATA-ID="com.example.title",VALUE="Title"',
      '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=30000,CODECS="avc1.4d401e",URI="iframes.m3u8"',
      `${LOW},PATHWAY-ID="a"`,
      'low.m3u8',
      `${LOW},PATHWAY-ID="b"`,
      'b.m3u8',
    ),
    'steering.json': '{"VERSION":1,"TTL":300,"PATHWAY-PRIORITY":["a","b"]}',
    'low.m3u8': recording(),
    'b.m3u8': recording(),
  },
};

/** What a viewer gets of a form. */
interface Outcome {
  readonly plays: boolean;
  readonly levels: number;
  readonly textTracks: number;
  readonly durationS: number;
  /** Playlists, lists and kinds of segments that were requested. */
  readonly requested: readonly string[];
}

const hasPlayed = (media: { currentTime: number }): boolean => media.currentTime > 1;

/** Files without the numbers of segments: how far a player loads ahead does not matter. */
function kindsOf(reader: string, form: string): string[] {
  const kinds = requestedPaths(reader, form).map((path) => path.replace(/\d+\.(?=\w+$)/, '*.'));
  return [...new Set(kinds)].sort();
}

/** Renditions of a form that adaptation may choose differently from one moment to the next. */
const withoutChoice = (kinds: readonly string[]): string[] =>
  kinds.filter(
    (kind) => !/^(?:low|high|b)\.m3u8$|^media\/(?:low|high)\/all|^audio-|^media\/\w+\/audio/.test(kind),
  );

async function playBoth(form: string, files: Readonly<Record<string, string>>): Promise<[Outcome, Outcome]> {
  for (const [file, text] of Object.entries(files)) await storeForm(form, file, text.replaceAll('FORM', '.'));
  const video = document.createElement('video');
  video.muted = true;
  document.body.append(video);
  const hls = new Hls();
  let isBroken = false;
  hls.on(Hls.Events.ERROR, (_, { fatal }) => {
    isBroken ||= fatal;
  });
  hls.attachMedia(video);
  hls.loadSource(formUrl('control', form, 'index.m3u8'));
  video.play().catch(() => undefined);
  const { player, events } = mountPlayer({
    src: formUrl('player', form, 'index.m3u8'),
    prepare: (element) => {
      element.removeAttribute('token-url');
    },
  });
  const hasFailed = (): boolean => events.some((event) => event.startsWith('secure-error'));
  try {
    await until(
      () => (isBroken || hasPlayed(video)) && (hasFailed() || hasPlayed(player)),
      `both play ${form}`,
    );
    const control = {
      plays: hasPlayed(video),
      levels: hls.levels.length,
      textTracks: video.textTracks.length,
      durationS: Math.round(video.duration),
      requested: withoutChoice(kindsOf('control', form)),
    };
    const own = {
      plays: hasPlayed(player),
      levels: player.entries.length,
      textTracks: player.textTracks.length,
      durationS: Math.round(player.duration),
      requested: withoutChoice(kindsOf('player', form)),
    };
    const audioOf = (reader: string): boolean =>
      kindsOf(reader, form).some((kind) => kind.includes('/audio/'));
    expect(audioOf('player'), `separate audio of ${form}`).to.equal(audioOf('control'));
    return [own, control];
  } finally {
    hls.destroy();
    video.remove();
    player.remove();
  }
}

describe('<secure-player> and plain hls.js with the forms of its test streams', () => {
  afterEach(cleanPage);

  it('play the same, in the same way', async function () {
    skipUnless('dependable switches', this);
    performance.setResourceTimingBufferSize(5000);
    // Several at once, because each needs only its first second; not all, because of the decoders.
    const forms = Object.entries(FORMS);
    for (let at = 0; at < forms.length; at += 4) {
      const some = forms.slice(at, at + 4);
      const outcomes = await Promise.all(
        some.map(([name, files], index) =>
          playBoth(`f${String(at + index)}`, files).then((both) => ({ name, both })),
        ),
      );
      for (const { name, both } of outcomes) expect(both[0], name).to.deep.equal(both[1]);
      for (const { name, both } of outcomes) expect(both[1].plays, name).to.equal(true);
    }
  });
});
