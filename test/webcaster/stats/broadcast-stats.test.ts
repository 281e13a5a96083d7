import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rateQuality, readStats } from '@gatecast/webcaster/internal/stats/broadcast-stats';

const report = (timestamp: number, videoBytes: number) => [
  {
    id: 'v',
    type: 'outbound-rtp' as const,
    kind: 'video',
    timestamp,
    bytesSent: videoBytes,
    packetsSent: 100,
    framesPerSecond: 29,
    frameWidth: 1280,
    frameHeight: 720,
    codecId: 'c',
    qualityLimitationReason: 'none',
  },
  { id: 'a', type: 'outbound-rtp' as const, kind: 'audio', timestamp, bytesSent: 1000, packetsSent: 50 },
  { id: 'r', type: 'remote-inbound-rtp' as const, timestamp, roundTripTime: 0.0421, fractionLost: 0.0125 },
  { id: 'c', type: 'codec' as const, timestamp, mimeType: 'video/H264' },
];

describe('readStats', () => {
  it('has rates starting with the second report', () => {
    const first = readStats(report(1000, 10_000), null, 5);
    assert.equal(first.stats.videoKbps, null);
    const second = readStats(report(2000, 260_000), first.sample, 6);
    assert.equal(second.stats.videoKbps, 2000);
    assert.equal(second.stats.audioKbps, 0);
    assert.equal(second.stats.atMs, 6);
  });

  it('reads size, frame rate, round-trip time, loss and codec in their units', () => {
    const { stats } = readStats(report(1000, 0), null, 0);
    assert.equal(stats.framesPerSecond, 29);
    assert.deepEqual([stats.width, stats.height], [1280, 720]);
    assert.equal(stats.roundTripMs, 42.1);
    assert.equal(stats.lossPercent, 1.3);
    assert.equal(stats.videoCodec, 'H264');
    assert.equal(stats.packetsSent, 150);
    assert.equal(stats.limitedBy, null);
  });

  it('has no rate for the first report of a new connection, whose counters restart', () => {
    const { sample } = readStats(report(1000, 90_000), null, 0);
    assert.equal(readStats(report(2000, 500), sample, 0).stats.videoKbps, null);
  });

  it('is null for values that a browser does not report', () => {
    const { stats } = readStats([], null, 0);
    assert.equal(stats.videoKbps, null);
    assert.equal(stats.roundTripMs, null);
    assert.equal(stats.quality, 'good');
  });
});

describe('rateQuality', () => {
  const rate = (roundTripMs: number, lossPercent: number, limitedBy: 'bandwidth' | 'cpu' | null = null) =>
    rateQuality({ roundTripMs, lossPercent, limitedBy });

  it('depends on loss first, then on delay', () => {
    assert.equal(rate(40, 0), 'good');
    assert.equal(rate(40, 2), 'fair');
    assert.equal(rate(40, 8), 'poor');
    assert.equal(rate(300, 0), 'fair');
    assert.equal(rate(800, 0), 'poor');
    assert.equal(rate(40, 0, 'bandwidth'), 'fair');
    assert.equal(rate(40, 0, 'cpu'), 'good');
  });
});
