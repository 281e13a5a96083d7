import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkAnswer, refusedKinds } from '@gatecast/webcaster/internal/publisher/whip/check-answer';

function answer(audio: string, video: string, session = ''): string {
  return `v=0\r\ns=-\r\nt=0 0\r\n${session}${audio}a=mid:0\r\n${video}a=mid:1\r\n`;
}

const AUDIO = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=recvonly\r\n';
const VIDEO = 'm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=recvonly\r\n';
const NO_VIDEO = 'm=video 0 UDP/TLS/RTP/SAVPF 96\r\n';
const both = ['audio', 'video'] as const;

describe('refusedKinds', () => {
  const cases: [what: string, sdp: string, refused: string[]][] = [
    ['nothing if both are received', answer(AUDIO, VIDEO), []],
    ['nothing without a direction, which means both ways', answer('m=audio 9 X 1\r\n', VIDEO), []],
    ['video with port 0', answer(AUDIO, NO_VIDEO), ['video']],
    ['sound with port 0', answer('m=audio 0 X 1\r\n', VIDEO), ['audio']],
    ['inactive video', answer(AUDIO, 'm=video 9 X 96\r\na=inactive\r\n'), ['video']],
    ['video that the ingest would send', answer(AUDIO, 'm=video 9 X 96\r\na=sendonly\r\n'), ['video']],
    [
      'a section that takes the direction of the session',
      answer(AUDIO, 'm=video 9 X 96\r\n', 'a=inactive\r\n'),
      ['video'],
    ],
    ['other sections never', `${answer(AUDIO, VIDEO)}m=application 0 X 1\r\n`, []],
    ['video in an answer with bare line feeds', answer(AUDIO, NO_VIDEO).replaceAll('\r', ''), ['video']],
  ];
  for (const [what, sdp, refused] of cases) {
    it(`finds ${what}`, () => assert.deepEqual(refusedKinds(sdp), refused));
  }
});

describe('checkAnswer', () => {
  it('fails with codec-unavailable, for good, if something that was offered is refused', () => {
    assert.throws(() => checkAnswer(answer(AUDIO, NO_VIDEO), { offered: both, allowsPartial: false }), {
      code: 'codec-unavailable',
      retryable: false,
      message: 'The ingest does not accept the video of this browser.',
    });
  });

  it('returns what is refused if the page allows the rest', () => {
    const refused = checkAnswer(answer(AUDIO, NO_VIDEO), { offered: both, allowsPartial: true });
    assert.deepEqual(refused, ['video']);
  });

  it('fails if nothing is left, whatever the page allows', () => {
    const sdp = answer(AUDIO, NO_VIDEO);
    assert.throws(() => checkAnswer(sdp, { offered: ['video'], allowsPartial: true }), {
      code: 'codec-unavailable',
    });
  });

  it('accepts a refusal of what was not offered', () => {
    assert.deepEqual(checkAnswer(answer(AUDIO, NO_VIDEO), { offered: ['audio'], allowsPartial: false }), []);
  });
});
