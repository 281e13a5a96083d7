import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import { orderVideoCodecs } from '@gatecast/webcaster/internal/publisher/whip/codec-preference';
import { orderFormats } from '@gatecast/webcaster/internal/publisher/whip/order-formats';

const vp8 = { mimeType: 'video/VP8' };
const rtx = { mimeType: 'video/rtx' };
const high = { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=64001f' };
const loose = { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=0;profile-level-id=42e01f' };
const baseline = { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=42e01f' };
const vp9deep = { mimeType: 'video/VP9', sdpFmtpLine: 'profile-id=2' };
const vp9 = { mimeType: 'video/VP9', sdpFmtpLine: 'profile-id=0' };
const av1high = { mimeType: 'video/AV1', sdpFmtpLine: 'level-idx=5;profile=1;tier=0' };
const av1 = { mimeType: 'video/AV1', sdpFmtpLine: 'level-idx=5;profile=0;tier=0' };
const hevc10 = { mimeType: 'video/H265', sdpFmtpLine: 'level-id=93;profile-id=2;tier-flag=0' };
const hevc = { mimeType: 'video/H265' };
const all = [vp8, rtx, high, loose, baseline, vp9deep, vp9, av1high, av1, hevc10, hevc];

describe('orderVideoCodecs', () => {
  it('keeps the order of the names, with the repair formats last', () => {
    assert.deepEqual(orderVideoCodecs(all, ['h264', 'vp8']), [baseline, high, loose, vp8, rtx]);
    assert.deepEqual(orderVideoCodecs(all, ['vp8']), [vp8, rtx]);
  });

  it('starts with the profile that every decoder has', () => {
    assert.deepEqual(orderVideoCodecs(all, ['av1', 'h265', 'vp9']), [
      ...[av1, av1high, hevc, hevc10, vp9, vp9deep],
      rtx,
    ]);
  });

  it('leaves out what the browser does not have, and names it if nothing is left', () => {
    assert.deepEqual(orderVideoCodecs([vp8, rtx], ['av1', 'vp8']), [vp8, rtx]);
    assert.throws(
      () => orderVideoCodecs([vp8, rtx], ['av1', 'h264']),
      (error) =>
        error instanceof GatecastError &&
        error.code === 'codec-unavailable' &&
        error.message.includes('AV1 or H264'),
    );
  });
});

describe('orderFormats', () => {
  const audio = ['m=audio 9 x 109', 'a=rtpmap:109 opus/48000/2'];
  const lines = (formats: string, ...rest: string[]) =>
    ['v=0', ...audio, `m=video 9 UDP/TLS/RTP/SAVPF ${formats}`, 'a=mid:1', ...rest, ''].join('\r\n');
  const vp8Lines = [
    'a=rtpmap:120 VP8/90000',
    'a=rtcp-fb:120 nack',
    'a=rtpmap:124 rtx/90000',
    'a=fmtp:124 apt=120',
  ];
  const vp9Lines = ['a=rtpmap:121 VP9/90000', 'a=rtpmap:125 rtx/90000', 'a=fmtp:125 apt=121'];
  const h264Lines = [
    'a=rtpmap:126 H264/90000',
    'a=fmtp:126 packetization-mode=1',
    'a=rtpmap:123 ulpfec/90000',
  ];
  const offer = lines('120 124 121 125 126 123', ...vp8Lines, ...vp9Lines, ...h264Lines);

  it('orders the formats of an offer, and leaves out the others with their retransmissions', () => {
    assert.equal(orderFormats(offer, ['h264', 'vp8']), lines('126 120 124 123', ...vp8Lines, ...h264Lines));
  });

  it('leaves an offer as it is that has none of them', () => {
    assert.equal(orderFormats(offer, ['av1']), offer);
    assert.equal(orderFormats('', ['av1']), '');
  });
});
