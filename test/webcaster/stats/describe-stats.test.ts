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
  limitedBy: 'bandwidth',
  quality: 'fair',
};

describe('describeStats', () => {
  it('says everything in words a person understands', () => {
    const rows = Object.fromEntries(
      describeStats(stats, messagesEn, 'en').map(({ label, value }) => [label, value]),
    );
    assert.deepEqual(rows, {
      Sending: '2.4 Mbit/s',
      Picture: '1280 × 720, 30 per second',
      'Way to the server': '42 ms there and back',
      'Lost on the way': 'Nothing',
      Format: 'H264 + opus',
      'Held back by': 'The network is too slow',
    });
  });

  it('leaves out what is not known', () => {
    const unknown = { ...stats, width: null, roundTripMs: null, lossPercent: null, limitedBy: null };
    assert.equal(
      describeStats({ ...unknown, videoCodec: null, audioCodec: null }, messagesEn, 'en').length,
      1,
    );
  });
});

describe('describeRate', () => {
  it('changes the unit where it helps, and writes numbers as the language does', () => {
    assert.equal(describeRate({ videoKbps: null, audioKbps: 96 }, 'en'), '96 kbit/s');
    assert.equal(describeRate({ videoKbps: 2310, audioKbps: 96 }, 'de'), '2,4 Mbit/s');
    assert.equal(describeRate({ videoKbps: null, audioKbps: null }, 'en'), null);
  });
});

describe('describeDuration', () => {
  it('shows hours only when there are some', () => {
    assert.equal(describeDuration(0), '0:00');
    assert.equal(describeDuration(61_900), '1:01');
    assert.equal(describeDuration(3_723_000), '1:02:03');
  });
});
