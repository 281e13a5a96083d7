import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withStartBitrate } from '@gatecast/webcaster/internal/publisher/whip/start-bitrate';

const sdp = (...lines: string[]) => [...lines, ''].join('\r\n');
const audio = ['v=0', 'm=audio 9 x 111', 'a=rtpmap:111 opus/48000/2', 'a=fmtp:111 useinbandfec=1'];

describe('withStartBitrate', () => {
  it('adds the parameter to the format line of the chosen video codec only', () => {
    const answer = sdp(
      ...audio,
      'm=video 9 x 103',
      'a=rtpmap:103 H264/90000',
      'a=fmtp:103 packetization-mode=1',
    );
    assert.equal(
      withStartBitrate(answer, 1500),
      answer.replace('packetization-mode=1', 'packetization-mode=1;x-google-start-bitrate=1500'),
    );
  });

  it('adds a format line if the codec has none', () => {
    const answer = sdp('m=video 9 x 96', 'a=rtpmap:96 VP8/90000', 'a=mid:0', 'm=audio 9 x 111');
    assert.equal(
      withStartBitrate(answer, 600),
      answer.replace('VP8/90000', 'VP8/90000\r\na=fmtp:96 x-google-start-bitrate=600'),
    );
  });

  it('changes its own start, and not that of the ingest', () => {
    const answer = (kbps: number) =>
      sdp('m=video 9 x 96', 'a=rtpmap:96 VP8/90000', `a=fmtp:96 x-google-start-bitrate=${String(kbps)}`);
    assert.equal(withStartBitrate(answer(600), 300, 600), answer(300));
    assert.equal(withStartBitrate(answer(700), 300, 600), answer(700));
    assert.equal(withStartBitrate(answer(700), 300), answer(700));
  });

  it('does not change an answer without video', () => {
    assert.equal(withStartBitrate(sdp(...audio), 1000), sdp(...audio));
  });
});
