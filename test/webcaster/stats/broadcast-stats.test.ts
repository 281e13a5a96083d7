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

  it('adds the layers of a simulcast up, and describes the largest', () => {
    const layer = (rid: string, timestamp: number, bytesSent: number, frameWidth?: number) => ({
      ...{
        id: rid,
        type: 'outbound-rtp' as const,
        kind: 'video',
        rid,
        timestamp,
        bytesSent,
        packetsSent: 10,
      },
      ...(frameWidth && { frameWidth, frameHeight: (frameWidth * 9) / 16 }),
      qualityLimitationReason: frameWidth ? 'none' : 'bandwidth',
    });
    const layers = (timestamp: number, bytes: number) => [
      layer('l', timestamp, bytes, 320),
      layer('m', timestamp, bytes, 640),
      layer('h', timestamp, 0),
    ];
    const { sample } = readStats(layers(1000, 0), null, 0);
    const { stats } = readStats(layers(2000, 50_000), sample, 0);
    assert.equal(stats.videoKbps, 800);
    assert.deepEqual([stats.width, stats.height], [640, 360]);
    assert.equal(stats.limitedBy, 'bandwidth', 'the third layer waits for the network');
    assert.equal(stats.packetsSent, 30);
  });

  it('leaves the last report of a layer out that is no longer sent', () => {
    const remote = (id: string, timestamp: number, fractionLost: number) => ({
      ...{ id, type: 'remote-inbound-rtp' as const, timestamp, fractionLost, roundTripTime: fractionLost },
    });
    const { stats } = readStats([remote('h', 1000, 0.14), remote('l', 8000, 0.01)], null, 0);
    assert.deepEqual([stats.lossPercent, stats.roundTripMs, stats.reportedAtMs], [1, 10, 8000]);
  });

  it('says when the loss was reported, other reports may come since', () => {
    const report = (id: string, timestamp: number, fractionLost: number) => ({
      ...{ id, type: 'remote-inbound-rtp' as const, timestamp, fractionLost },
    });
    const { stats } = readStats([report('video', 4000, 0.09), report('audio', 8000, 0.01)], null, 0);
    assert.deepEqual([stats.lossPercent, stats.reportedAtMs], [9, 4000]);
  });

  it('forgets the last report of an ingest that sends no more of them', () => {
    const report = { id: 'r', type: 'remote-inbound-rtp' as const, timestamp: 1000, fractionLost: 0.2 };
    const sent = (timestamp: number) => ({
      id: 'v',
      type: 'outbound-rtp' as const,
      kind: 'video',
      timestamp,
    });
    assert.equal(readStats([report, sent(9000)], null, 0).stats.lossPercent, 20);
    const { stats } = readStats([report, sent(20_000)], null, 0);
    assert.deepEqual([stats.lossPercent, stats.reportedAtMs, stats.quality], [null, null, 'good']);
  });

  it('reads what the browser expects the network to take, of the path that is used', () => {
    const pair = (id: string, nominated: boolean, availableOutgoingBitrate?: number) => ({
      ...{ id, type: 'candidate-pair' as const, timestamp: 0, nominated },
      ...(availableOutgoingBitrate && { availableOutgoingBitrate }),
    });
    const read = (...pairs: RTCStats[]) => readStats(pairs, null, 0).stats.availableKbps;
    assert.equal(read(pair('a', false, 9_000_000), pair('b', true, 1_234_567)), 1235);
    assert.equal(read(pair('a', true)), null);
    assert.equal(read(), null);
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
