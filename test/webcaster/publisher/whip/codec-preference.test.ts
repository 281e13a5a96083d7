import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import { orderVideoCodecs } from '@gatecast/webcaster/internal/publisher/whip/codec-preference';

const vp8 = { mimeType: 'video/VP8' };
const rtx = { mimeType: 'video/rtx' };
const high = { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=64001f' };
const loose = { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=0;profile-level-id=42e01f' };
const baseline = { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=42e01f' };
const all = [vp8, rtx, high, loose, baseline];

describe('orderVideoCodecs', () => {
  it('puts H.264 first, starting with its most widely supported profile, and keeps the other codecs', () => {
    assert.deepEqual(orderVideoCodecs(all, 'auto'), [baseline, high, loose, vp8, rtx]);
  });

  it('offers only the named codec and the repair formats', () => {
    assert.deepEqual(orderVideoCodecs(all, 'vp8'), [vp8, rtx]);
  });

  it('names the codec that is missing', () => {
    assert.throws(
      () => orderVideoCodecs([vp8, rtx], 'h264'),
      (error) =>
        error instanceof GatecastError &&
        error.code === 'codec-unavailable' &&
        error.message.includes('H264'),
    );
    assert.deepEqual(orderVideoCodecs([vp8, rtx], 'auto'), [vp8, rtx]);
  });
});
