import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  offerAudioMode,
  readOpus,
  withAudioMode,
} from '@gatecast/webcaster/internal/publisher/whip/opus-parameters';

const music = { audioMode: 'music', audioBitrateKbps: 256 } as const;
const speech = { audioMode: 'speech', audioBitrateKbps: 128 } as const;
const sdp = (parameters: string) =>
  `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 ${parameters}\r\na=recvonly\r\n`;
const usual = sdp('minptime=10;useinbandfec=1');

describe('the offer', () => {
  it('says that music is sent in stereo, and is not changed for speech', () => {
    assert.equal(offerAudioMode(usual, music), sdp('minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1'));
    assert.equal(offerAudioMode(usual, speech), usual);
  });
});

/** As for a session that was opened in a mode. */
const accept = (answer: string, settings: typeof music | typeof speech = music) =>
  withAudioMode(answer, settings, readOpus(answer, settings));

describe('the answer', () => {
  const sent = 'minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1;maxaveragebitrate';

  it('makes the encoder of the browser send stereo at the bitrate of music', () => {
    assert.equal(accept(usual), sdp(`${sent}=256000`));
    assert.equal(accept(usual, speech), usual);
  });

  it('keeps what the ingest itself says', () => {
    const strict = sdp('stereo=0;sprop-stereo=0;maxaveragebitrate=64000');
    assert.equal(accept(strict), strict);
    assert.equal(accept(strict, speech), strict);
    const both = sdp('stereo=1');
    assert.equal(accept(both, speech), both);
  });

  it('keeps within the bounds of Opus', () => {
    const at = (audioBitrateKbps: number) => withAudioMode(usual, { ...music, audioBitrateKbps }, new Map());
    assert.match(at(9999), /maxaveragebitrate=510000/);
    assert.match(at(0), /maxaveragebitrate=6000/);
  });

  it('changes with the mode, whether the ingest repeats the offer or not', () => {
    for (const answer of [usual, offerAudioMode(usual, music)]) {
      const said = readOpus(answer, music);
      const applied = withAudioMode(answer, music, said);
      assert.equal(applied, sdp(`${sent}=256000`));
      assert.equal(withAudioMode(applied, speech, said), usual);
      assert.equal(withAudioMode(applied, { ...music, audioBitrateKbps: 96 }, said), sdp(`${sent}=96000`));
    }
  });

  it('is not changed without Opus', () => {
    const pcmu = 'v=0\r\nm=audio 9 x 0\r\na=rtpmap:0 PCMU/8000\r\n';
    assert.equal(accept(pcmu), pcmu);
    assert.equal(accept(''), '');
  });
});
