import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { editFormat, readFormat, type FormatParameters } from '@gatecast/webrtc';

const OPUS = { kind: 'audio', codec: 'opus' } as const;
const VIDEO = { kind: 'video' } as const;
const sdp = (...lines: string[]) => [...lines, ''].join('\r\n');
const stereo = (parameters: FormatParameters) => void parameters.set('stereo', '1');

/** As Janus, MediaMTX (pion) and SRS write their answers, shortened. */
const janus = sdp(
  ...['v=0', 's=VideoRoom 1', 't=0 0', 'a=group:BUNDLE 0 1'],
  ...[
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=recvonly',
    'a=rtpmap:111 opus/48000/2',
    'a=fmtp:111 useinbandfec=1',
  ],
  ...['m=video 9 UDP/TLS/RTP/SAVPF 96 97', 'a=recvonly', 'a=rtpmap:96 VP8/90000', 'a=rtcp-fb:96 nack'],
  ...['a=rtpmap:97 rtx/90000', 'a=fmtp:97 apt=96'],
);
const mediamtx = sdp(
  ...['v=0', 'm=video 9 UDP/TLS/RTP/SAVPF 102 103', 'a=rtpmap:102 H264/90000'],
  ...['a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f'],
  ...['a=rtpmap:103 H264/90000', 'a=fmtp:103 packetization-mode=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 112 111'],
  ...['a=rtpmap:112 multiopus/48000/6', 'a=fmtp:112 num_streams=4', 'a=rtpmap:111 opus/48000/2'],
  ...['a=fmtp:111 minptime=10; useinbandfec=1; stereo=1; sprop-stereo=1', 'a=recvonly'],
);
const srs =
  'v=0\nm=audio 9 UDP/TLS/RTP/SAVPF 109\na=recvonly\na=rtpmap:109 opus/48000/2\na=rtcp-fb:109 nack\n';

describe('editFormat', () => {
  it('adds a parameter to the codec, and leaves the rest as it is', () => {
    assert.equal(editFormat(janus, OPUS, stereo), janus.replace('useinbandfec=1', 'useinbandfec=1;stereo=1'));
    assert.equal(
      editFormat(janus, VIDEO, stereo),
      janus.replace('VP8/90000', 'VP8/90000\r\na=fmtp:96 stereo=1'),
    );
  });

  it('does not touch a line that stays the same, whatever its spaces are', () => {
    assert.equal(editFormat(mediamtx, OPUS, stereo), mediamtx);
  });

  it('edits only the first format of a section without a name, and only sections of the kind', () => {
    assert.equal(
      editFormat(mediamtx, VIDEO, stereo),
      mediamtx.replace('profile-level-id=42e01f', 'profile-level-id=42e01f;stereo=1'),
    );
  });

  it('adds a line where there is none, with the line ends of the server', () => {
    assert.equal(
      editFormat(srs, OPUS, stereo),
      srs.replace('opus/48000/2\n', 'opus/48000/2\na=fmtp:109 stereo=1\n'),
    );
  });

  it('keeps parameters without a value', () => {
    const events = sdp('m=audio 9 x 101', 'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-15');
    assert.equal(
      editFormat(events, { kind: 'audio', codec: 'telephone-event' }, stereo),
      events.replace('0-15', '0-15;stereo=1'),
    );
  });

  it('asks for each payload type once, however often it is named', () => {
    const line = 'a=rtpmap:111 opus/48000/2';
    let edits = 0;
    editFormat(sdp('m=audio 9 x 111', line, line, line), OPUS, () => (edits += 1));
    assert.equal(edits, 1);
  });
});

describe('readFormat', () => {
  it('gives the parameters of the codec, or null without it', () => {
    assert.deepEqual(
      [...(readFormat(mediamtx, OPUS) ?? [])],
      [
        ['minptime', '10'],
        ['useinbandfec', '1'],
        ['stereo', '1'],
        ['sprop-stereo', '1'],
      ],
    );
    assert.equal(readFormat(srs, OPUS)?.size, 0);
    assert.equal(readFormat(srs, VIDEO), null);
  });
});
