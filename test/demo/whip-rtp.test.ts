import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AvSync } from '../../demo/backend/webrtc/ingest/av-sync.js';
import { H264Depacketizer } from '../../demo/backend/webrtc/ingest/h264-depacketizer.js';
import { parseSequenceParameters } from '../../demo/backend/webrtc/codecs/h264-parameter-sets.js';
import { OPUS_SILENCE, opusPacketTicks } from '../../demo/backend/webrtc/ingest/opus-packet.js';
import { ReorderBuffer } from '../../demo/backend/webrtc/ingest/reorder-buffer.js';
import { createUnwrapper } from '../../demo/backend/webrtc/unwrap-counter.js';
import { aggregate, fragments, PPS, slice, SPS_1918X1078, SPS_640X480 } from './whip-loop/synthetic-media.js';

const numbered = (sequenceNumber: number) => ({ sequenceNumber });

describe('createUnwrapper', () => {
  it('continues across the end of the range in both directions', () => {
    const unwrap = createUnwrapper(16);
    assert.deepEqual([65_534, 65_535, 0, 65_535, 1].map(unwrap), [65_534, 65_535, 65_536, 65_535, 65_537]);
  });
});

describe('ReorderBuffer', () => {
  const order = (buffer: ReorderBuffer<{ sequenceNumber: number }>, sequence: number, nowMs = 0) =>
    buffer
      .push(numbered(sequence), nowMs)
      .map(({ packet, isAfterLoss }) =>
        isAfterLoss ? `loss ${packet.sequenceNumber}` : packet.sequenceNumber,
      );

  it('releases packets in order across the wrap, for any order of arrival', () => {
    const buffer = new ReorderBuffer();
    const released = [65_534, 0, 65_535, 2, 1].map((sequence) => order(buffer, sequence));
    assert.deepEqual(released, [[65_534], [], [65_535, 0], [], [1, 2]]);
  });

  it('drops duplicates and late packets', () => {
    const buffer = new ReorderBuffer();
    order(buffer, 5);
    assert.deepEqual(order(buffer, 5), []);
    assert.deepEqual(order(buffer, 4), []);
    assert.deepEqual(order(buffer, 6), [6]);
  });

  it('skips a gap that delays the stream too long, and reports it', () => {
    const buffer = new ReorderBuffer({ maxHoldMs: 100 });
    order(buffer, 1, 0);
    assert.deepEqual(order(buffer, 3, 10), []);
    assert.deepEqual(order(buffer, 4, 100), []);
    assert.deepEqual(order(buffer, 5, 111), ['loss 3', 4, 5]);
    assert.deepEqual(order(buffer, 2, 112), []);
  });

  it('never holds more packets than its limit', () => {
    const buffer = new ReorderBuffer({ maxPackets: 3 });
    order(buffer, 1);
    assert.deepEqual(
      [3, 4, 5].flatMap((sequence) => order(buffer, sequence)),
      [],
    );
    assert.deepEqual(order(buffer, 7), ['loss 3', 4, 5]);
  });

  it('restarts when the sender’s sequence numbers jump', () => {
    const buffer = new ReorderBuffer();
    order(buffer, 100);
    assert.deepEqual(order(buffer, 30_000), ['loss 30000']);
    assert.deepEqual(order(buffer, 30_001), [30_001]);
  });
});

describe('H264Depacketizer', () => {
  const push = (
    depacketizer: H264Depacketizer,
    payload: Buffer,
    { timestamp = 0, marker = false, isAfterLoss = false } = {},
  ) => depacketizer.push({ timestamp, marker, payload }, isAfterLoss);

  it('reads a keyframe and its parameter sets from an aggregation packet', () => {
    const { accessUnits, isDamaged } = push(
      new H264Depacketizer(),
      aggregate([SPS_640X480, PPS, slice(5, 1)]),
      { marker: true },
    );
    assert.equal(isDamaged, false);
    assert.deepEqual(accessUnits, [
      { timestamp: 0, nalUnits: [SPS_640X480, PPS, slice(5, 1)], isKeyframe: true },
    ]);
  });

  it('joins fragments into the original NAL unit', () => {
    const depacketizer = new H264Depacketizer();
    const pieces = fragments(slice(1, 9, 3000), 1200);
    assert.equal(pieces.length, 3);
    const results = pieces.map((piece, index) =>
      push(depacketizer, piece, { marker: index === pieces.length - 1 }),
    );
    assert.deepEqual(
      results.flatMap(({ accessUnits }) => accessUnits.flatMap(({ nalUnits }) => nalUnits)),
      [slice(1, 9, 3000)],
    );
  });

  it('ends a picture at a new timestamp when the marker is missing', () => {
    const depacketizer = new H264Depacketizer();
    push(depacketizer, slice(1, 1), { timestamp: 10 });
    const { accessUnits } = push(depacketizer, slice(1, 2), { timestamp: 20 });
    assert.deepEqual(
      accessUnits.map(({ timestamp }) => timestamp),
      [10],
    );
  });

  it('drops a picture with a lost packet and reports it', () => {
    const depacketizer = new H264Depacketizer();
    const [first, , last] = fragments(slice(1, 9, 3000), 1200);
    assert.ok(first && last);
    push(depacketizer, first);
    const result = push(depacketizer, last, { marker: true, isAfterLoss: true });
    assert.deepEqual(result, { accessUnits: [], isDamaged: true });
    const next = push(depacketizer, slice(1, 10), { timestamp: 1, marker: true });
    assert.equal(next.isDamaged, false);
    assert.equal(next.accessUnits.length, 1);
  });

  it('survives malformed payloads', () => {
    for (const hex of ['78', '780000', '78ffff00', '1c', '1c85', '7c05aa', '1d0000', '00', '']) {
      const depacketizer = new H264Depacketizer();
      const { accessUnits } = push(depacketizer, Buffer.from(hex, 'hex'), { marker: true });
      assert.deepEqual(accessUnits, [], `payload ${hex}`);
    }
  });

  it('ignores padding packets between pictures', () => {
    const depacketizer = new H264Depacketizer();
    assert.equal(push(depacketizer, Buffer.alloc(0), { timestamp: 5 }).isDamaged, false);
    assert.equal(push(depacketizer, slice(1, 1), { timestamp: 5, marker: true }).accessUnits.length, 1);
  });
});

describe('parseSequenceParameters', () => {
  it('reads the size of a Baseline and of a cropped High profile picture', () => {
    assert.deepEqual(parseSequenceParameters(SPS_640X480), { width: 640, height: 480 });
    assert.deepEqual(parseSequenceParameters(SPS_1918X1078), { width: 1918, height: 1078 });
  });

  it('throws a RangeError for a truncated or invalid set', () => {
    assert.throws(() => parseSequenceParameters(SPS_640X480.subarray(0, 6)), RangeError);
    assert.throws(() => parseSequenceParameters(Buffer.alloc(40)), RangeError);
  });
});

describe('opusPacketTicks', () => {
  it('reads the duration from the table-of-contents byte', () => {
    assert.equal(opusPacketTicks(OPUS_SILENCE), 960);
    assert.equal(opusPacketTicks(Uint8Array.of(0b00001_0_00, 0)), 960);
    assert.equal(opusPacketTicks(Uint8Array.of(0b11110_0_01, 0)), 960);
    assert.equal(opusPacketTicks(Uint8Array.of(0b10000_0_11, 4)), 480);
  });

  it('returns 0 for packets that a decoder would refuse', () => {
    assert.equal(opusPacketTicks(new Uint8Array()), 0);
    assert.equal(opusPacketTicks(Uint8Array.of(0xff)), 0);
    assert.equal(opusPacketTicks(Uint8Array.of(0xff, 63)), 0);
  });
});

describe('AvSync', () => {
  const rates = { video: 90_000, audio: 48_000 };

  it('aligns by arrival until both tracks have sender reports, then by the reports', () => {
    const sync = new AvSync(rates);
    sync.onPacket('video', 90_000, 5000);
    sync.onPacket('audio', 48_000, 5040);
    assert.equal(Math.round(sync.audioMs(48_000) - sync.videoMs(90_000)), 40);
    sync.onSenderReport('video', 90_000, 700_000);
    assert.equal(Math.round(sync.audioMs(48_000) - sync.videoMs(90_000)), 40);
    sync.onSenderReport('audio', 48_000, 700_010);
    assert.equal(Math.round(sync.audioMs(48_000) - sync.videoMs(90_000)), 10);
  });

  it('does not treat a late packet as a slower clock', () => {
    const sync = new AvSync(rates);
    sync.onPacket('video', 0, 1000);
    sync.onPacket('audio', 0, 1000);
    sync.onPacket('audio', 960, 1500);
    assert.equal(Math.round(sync.audioMs(960) - sync.videoMs(0)), 20);
  });
});
