import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeReport, type WhepStatistics } from '@gatecast/player/internal/engine/whep/describe-report';
import { hasPicture } from '@gatecast/player/internal/engine/whep/when-decoded';

type Member = string | number | boolean;
type Entry = Readonly<Record<string, Member>> & { readonly id: string };

const report = (...entries: readonly Entry[]): RTCStatsReport =>
  new Map(entries.map((entry) => [entry.id, { timestamp: 1000, ...entry }]));

const video: Entry = {
  ...{ id: 'V', type: 'inbound-rtp', kind: 'video', codecId: 'C', packetsReceived: 990, packetsLost: 10 },
  ...{ bytesReceived: 100_000, jitter: 0.0042, jitterBufferDelay: 2, jitterBufferEmittedCount: 100 },
  ...{ framesDecoded: 100, framesDropped: 3, framesPerSecond: 30, totalDecodeTime: 0.5 },
  ...{ frameWidth: 1280, frameHeight: 720 },
};
const audio: Entry = {
  ...{ id: 'A', type: 'inbound-rtp', kind: 'audio', codecId: 'O', packetsReceived: 1000, packetsLost: 0 },
  ...{ bytesReceived: 10_000, jitter: 0.001, jitterBufferDelay: 48_000, jitterBufferEmittedCount: 960_000 },
};
const others: readonly Entry[] = [
  { id: 'C', type: 'codec', mimeType: 'video/H264' },
  { id: 'O', type: 'codec', mimeType: 'audio/opus' },
  { id: 'P0', type: 'candidate-pair', nominated: true, state: 'failed', currentRoundTripTime: 9 },
  {
    ...{ id: 'P', type: 'candidate-pair', nominated: true, state: 'succeeded' },
    ...{ currentRoundTripTime: 0.04, localCandidateId: 'L' },
  },
  { id: 'L', type: 'local-candidate', candidateType: 'relay', address: '192.0.2.7', port: 5000 },
];
const nothing: WhepStatistics = {
  ...{
    delayMs: null,
    roundTripMs: null,
    jitterBufferMs: null,
    jitterMs: null,
    lossPercent: null,
    kbps: null,
  },
  ...{ framesDecoded: null, framesDropped: null, framesPerSecond: null, width: null, height: null },
  ...{ videoCodec: null, audioCodec: null, candidateType: null },
};

describe('statistics of a WHEP session', () => {
  it('are those of the picture, with the whole of the loss and without an address', () => {
    const found = describeReport(report(video, audio, ...others), undefined);
    assert.deepEqual(found, {
      // Half of 40 ms, 20 ms in the jitter buffer, 5 ms in the decoder.
      ...{ delayMs: 45, roundTripMs: 40, jitterBufferMs: 20, jitterMs: 4.2, lossPercent: 0.5, kbps: null },
      ...{ framesDecoded: 100, framesDropped: 3, framesPerSecond: 30, width: 1280, height: 720 },
      ...{ videoCodec: 'H264', audioCodec: 'opus', candidateType: 'relay' },
    });
    assert.ok(!JSON.stringify(found).includes('192.0.2.7'));
  });

  it('are those since the sample before', () => {
    const now = {
      ...{ timestamp: 3000, bytesReceived: 350_000, jitterBufferDelay: 5, jitterBufferEmittedCount: 160 },
      ...{ framesDecoded: 160, totalDecodeTime: 1.1 },
    };
    const after = report(
      { ...video, ...now },
      { ...audio, timestamp: 3000, bytesReceived: 35_000 },
      ...others,
    );
    const { delayMs, jitterBufferMs, kbps } = describeReport(after, report(video, audio, ...others));
    // 3 s for 60 frames, and 0.6 s to decode them; 275,000 bytes in 2 s.
    assert.deepEqual([jitterBufferMs, delayMs, kbps], [50, 80, 1100]);
  });

  it('are those of the sound while there is no picture', () => {
    const found = describeReport(report({ ...video, packetsReceived: 0 }, audio, ...others), undefined);
    assert.deepEqual(
      [found.jitterBufferMs, found.delayMs, found.jitterMs, found.videoCodec, found.width],
      [50, 70, 1, null, null],
    );
    assert.equal(found.audioCodec, 'opus');
  });

  it('are null where the browser reports nothing', () => {
    assert.deepEqual(describeReport(report(), report()), nothing);
    const { delayMs, roundTripMs } = describeReport(report(video), undefined);
    assert.deepEqual([delayMs, roundTripMs], [null, null]);
  });

  it('have no delay, loss or rate from counters that have begun again', () => {
    const begun = {
      ...video,
      timestamp: 2000,
      bytesReceived: 5,
      jitterBufferDelay: 0.1,
      jitterBufferEmittedCount: 5,
      packetsLost: -4,
    };
    const found = describeReport(report(begun, ...others), report(video));
    assert.deepEqual(
      [found.jitterBufferMs, found.delayMs, found.lossPercent, found.kbps],
      [null, null, 0, null],
    );
  });

  it('are finite, whatever a browser has in its report', () => {
    const odd: Entry = { ...video, jitter: Infinity, jitterBufferDelay: NaN, framesDecoded: NaN, codecId: 7 };
    const found = describeReport(report(odd, ...others), report({ ...odd, timestamp: 1000 }));
    for (const [name, value] of Object.entries(found))
      assert.ok(typeof value !== 'number' || Number.isFinite(value), name);
  });

  it('say whether a picture has been decoded', () => {
    assert.equal(hasPicture(report(video)), true);
    assert.equal(hasPicture(report({ ...video, framesDecoded: 0 })), false);
    assert.equal(hasPicture(report(audio)), false);
  });
});
