import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VIDEO_FORMATS } from '../../../demo/backend/webrtc/codecs/video-codec.js';
import type { VideoCodec } from '../../../demo/backend/webrtc/codecs/video-codec.js';
import { inspectOffer } from '../../../demo/backend/webrtc/ingest/sdp-offer.js';
import { readViewerOffer } from '../../../demo/backend/webrtc/playback/viewer-offer.js';
import { RelayTrack } from '../../../demo/backend/webrtc/playback/relay-track.js';
import { codecOffer, VP8_KEY, VP9_KEY } from './codec-payloads.js';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
/** A sequence header for 640x480, and the start of a frame. */
const AV1_KEY = bytes('28 08 08 00 00 00 2c c4 ff df 30 01 02');

function startsOf(codec: VideoCodec, payloads: readonly string[]): boolean[] {
  return payloads.map((payload) => VIDEO_FORMATS[codec].startsKeyframe(bytes(payload)));
}

describe('the first packet of a keyframe', () => {
  it('is found in VP8, whatever its payload descriptor has', () => {
    const head = '50 02 00 9d 01 2a 80 02 e0 01';
    assert.deepEqual(
      startsOf('vp8', [
        `10 ${head}`,
        `90 80 05 ${head}`,
        `90 80 85 05 ${head}`,
        `90 e0 85 05 07 20 ${head}`,
        `90 10 01 ${head}`,
      ]),
      [true, true, true, true, true],
    );
    // A later packet, a later partition, a picture that refers to others, and packets that are cut off.
    assert.deepEqual(
      startsOf('vp8', [`00 ${head}`, `11 ${head}`, '10 51 02 00', '10', '90 80', '90 e0 85', '']),
      Array(7).fill(false),
    );
    assert.deepEqual(VIDEO_FORMATS.vp8.pictureSize(VP8_KEY), { width: 640, height: 480 });
    assert.equal(VIDEO_FORMATS.vp8.pictureSize(VP8_KEY.subarray(0, 9)), undefined);
  });

  it('is found in VP9, with and without layers', () => {
    assert.deepEqual(
      startsOf('vp9', ['8a 05 00', '88 85 05 00', 'a8 05 00 01 00', '98 05 00']),
      Array(4).fill(true),
    );
    assert.deepEqual(
      startsOf('vp9', ['c8 05 00', '80 05 00', 'a8 05 02 01 00', '88', '']),
      Array(5).fill(false),
    );
    assert.deepEqual(VIDEO_FORMATS.vp9.pictureSize(VP9_KEY), { width: 640, height: 480 });
    assert.throws(() => VIDEO_FORMATS.vp9.pictureSize(VP9_KEY.subarray(0, 5)), RangeError);
  });

  it('is found in AV1 by a new sequence, or by a sequence header', () => {
    assert.equal(VIDEO_FORMATS.av1.startsKeyframe(AV1_KEY), true);
    assert.deepEqual(startsOf('av1', ['18 32 01', '10 08 00', '00 02 12 00 02 08 0a']), [true, true, true]);
    assert.deepEqual(
      startsOf('av1', ['98 32 01', '10 32 01', '00 ff ff ff ff ff ff', '00', '']),
      Array(5).fill(false),
    );
    assert.deepEqual(VIDEO_FORMATS.av1.pictureSize(AV1_KEY), { width: 640, height: 480 });
  });

  it('begins a relay track of its codec', () => {
    const track = new RelayTrack('video');
    track.reset('vp8');
    const packet = { ssrc: 1, sequenceNumber: 7, timestamp: 0, marker: true };
    assert.equal(track.push({ ...packet, payload: Uint8Array.of(0x65, 1, 2) }, 0), undefined);
    assert.equal(track.push({ ...packet, payload: VP8_KEY }, 0)?.startsKeyframe, true);
  });
});

describe('the codec of a broadcast', () => {
  it('is the first one of the offer that the ingest has', () => {
    const chosen = (order: readonly VideoCodec[], accepted?: readonly VideoCodec[]) => {
      const offer = inspectOffer(codecOffer('sendonly', order), accepted);
      return 'sdp' in offer
        ? [offer.videoCodec, /^m=video.*$/m.exec(offer.sdp)?.[0].split(' ').length]
        : offer.detail;
    };
    assert.deepEqual(chosen(['av1', 'vp9', 'h264']), ['av1', 4]);
    assert.deepEqual(chosen(['vp8', 'h264']), ['vp8', 4]);
    assert.deepEqual(chosen(['av1', 'vp9', 'h264'], ['h264', 'vp9']), ['vp9', 4]);
    assert.match(
      String(chosen(['vp8', 'av1'], ['h264'])),
      /accepts only H\.264 for video; the offer has VP8, AV1\./,
    );
  });

  it('is negotiated with Firefox, too, whose later sections have port 0 and the transport of the first one', () => {
    const bundleOnly = (sdp: string) =>
      sdp.replace('m=video 9', 'm=video 0').replace('a=mid:0', 'a=mid:0\r\na=bundle-only');
    const sent = inspectOffer(bundleOnly(codecOffer('sendonly', ['vp8'])));
    const received = readViewerOffer(bundleOnly(codecOffer('recvonly', ['vp8'])));
    for (const offer of [sent, received]) {
      assert.ok('sdp' in offer);
      assert.equal(offer.videoCodec, 'vp8');
      assert.match(offer.sdp, /^m=video 9 /m);
    }
  });

  it('is what a viewer gets, or it learns what the server sends', () => {
    const order = ['vp8', 'vp9', 'h264'] as const;
    const read = (broadcast?: VideoCodec) => readViewerOffer(codecOffer('recvonly', order), broadcast);
    const vp9 = read('vp9');
    assert.ok('sdp' in vp9);
    assert.deepEqual(
      [vp9.videoCodec, /VP8|H264/.test(vp9.sdp), vp9.sdp.includes('VP9')],
      ['vp9', false, true],
    );
    const first = read();
    assert.equal('sdp' in first && first.videoCodec, 'vp8');
    const missing = read('av1');
    assert.deepEqual('status' in missing && [missing.status, missing.code], [406, 'codec-not-supported']);
    assert.match(
      'detail' in missing ? missing.detail : '',
      /sends only AV1 for video; the offer has VP8, RTX, VP9/,
    );
  });
});
