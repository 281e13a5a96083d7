import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesEn } from '@gatecast/webcaster/internal/messages/messages-en';
import type { BroadcastStats } from '@gatecast/webcaster';
import {
  describeDuration,
  describeRate,
  describeStats,
} from '@gatecast/webcaster/internal/stats/describe-stats';

const stats: BroadcastStats = {
  atMs: 0,
  videoKbps: 2310,
  audioKbps: 96,
  framesPerSecond: 29.7,
  width: 1280,
  height: 720,
  roundTripMs: 42.1,
  lossPercent: 0,
  packetsSent: 9,
  videoCodec: 'H264',
  audioCodec: 'opus',
  availableKbps: 3000,
  reportedAtMs: 1,
  limitedBy: 'bandwidth',
  quality: 'fair',
};

describe('describeStats', () => {
  it('labels every known value', () => {
    const rows = Object.fromEntries(
      describeStats(stats, messagesEn, 'en').map(({ label, value }) => [label, value]),
    );
    assert.deepEqual(rows, {
      Sending: '2.4 Mbit/s',
      Video: '1280 × 720, 30 fps',
      'Round-trip time': '42 ms',
      'Packet loss': 'None',
      Codec: 'H264 + opus',
      'Limited by': 'The network',
    });
  });

  it('omits unknown values', () => {
    const unknown = { ...stats, width: null, roundTripMs: null, lossPercent: null, limitedBy: null };
    assert.equal(
      describeStats({ ...unknown, videoCodec: null, audioCodec: null }, messagesEn, 'en').length,
      1,
    );
  });
});

describe('describeRate', () => {
  it('uses Mbit/s for large rates, and the number format of the language', () => {
    assert.equal(describeRate({ videoKbps: null, audioKbps: 96 }, 'en'), '96 kbit/s');
    assert.equal(describeRate({ videoKbps: 2310, audioKbps: 96 }, 'de'), '2,4 Mbit/s');
    assert.equal(describeRate({ videoKbps: null, audioKbps: null }, 'en'), null);
  });
});

describe('describeDuration', () => {
  it('shows hours only from one hour on', () => {
    assert.equal(describeDuration(0), '0:00');
    assert.equal(describeDuration(61_900), '1:01');
    assert.equal(describeDuration(3_723_000), '1:02:03');
  });
});
