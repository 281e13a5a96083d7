import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startsH264Keyframe as startsKeyframe } from '../../../demo/backend/webrtc/codecs/h264-payload.js';
import { RelayTrack } from '../../../demo/backend/webrtc/playback/relay-track.js';
import { SequenceGuard } from '../../../demo/backend/webrtc/playback/sequence-guard.js';
import type { MediaPacket } from '../../../demo/backend/webrtc/media-packet.js';
import {
  aggregate,
  fragments,
  PPS,
  slice,
  SPS_640X480,
  SyntheticSender,
} from '../whip-loop/synthetic-media.js';

describe('the start of a keyframe', () => {
  it('is found in each packet type of H.264', () => {
    assert.ok(startsKeyframe(SPS_640X480));
    assert.ok(startsKeyframe(slice(5, 1)));
    assert.ok(startsKeyframe(aggregate([Buffer.of(9, 16), SPS_640X480, PPS])));
    const [first, ...rest] = fragments(slice(5, 1, 100), 40);
    assert.ok(startsKeyframe(first ?? Buffer.of()));
    for (const other of [...rest, slice(1, 1), aggregate([PPS]), ...fragments(slice(1, 1, 100), 40)]) {
      assert.ok(!startsKeyframe(other));
    }
  });

  it('is not found in packets that are cut off', () => {
    for (const bytes of [[], [24], [24, 0], [24, 0, 9], [24, 255, 255, 1], [28]]) {
      assert.equal(startsKeyframe(Uint8Array.from(bytes)), false);
    }
  });
});

describe('a relay track', () => {
  /** A sender with numbers of its own, and pictures every 33 ms. */
  function pictures(count: number): MediaPacket[] {
    const sender = new SyntheticSender();
    return Array.from({ length: count }, (_, index) =>
      sender.picture(index, index * 33, index === 0 ? SPS_640X480 : undefined),
    ).flat();
  }

  it('starts with a keyframe, and drops what came before it or twice', () => {
    const track = new RelayTrack('video');
    const [key, second, third] = pictures(3);
    assert.ok(key && second && third);
    assert.equal(track.push(second, 0), undefined);
    const start = track.push(key, 10);
    assert.ok(start?.startsKeyframe);
    assert.equal(track.push({ ...second, sequenceNumber: key.sequenceNumber - 1 }, 11), undefined);
    assert.equal(track.push(third, 12)?.sequence, start.sequence + 2);
    assert.equal(track.push(second, 13)?.sequence, start.sequence + 1, 'late, but not lost');
    assert.equal(track.push(second, 14), undefined, 'twice');
  });

  it('continues for another sender: without a gap in the numbers, with the pause in the time', () => {
    const track = new RelayTrack('video');
    const before = pictures(20)
      .map((packet, index) => track.push(packet, index * 33))
      .at(-1);
    track.reset();
    const [key] = pictures(1);
    assert.ok(before && key);
    const after = track.push({ ...key, ssrc: 77, sequenceNumber: 4, timestamp: 123 }, 20 * 33 + 2000 - 33);
    assert.equal(after?.sequence, before.sequence + 1);
    assert.equal((after.timestamp - before.timestamp + 2 ** 32) % 2 ** 32, 2000 * 90);
    assert.equal(track.push({ ...key, ssrc: 1, sequenceNumber: 9 }, 5000), undefined, 'of the sender before');
  });

  it('keeps packets for retransmission, and the pictures since a keyframe', () => {
    const track = new RelayTrack('video');
    const relayed = pictures(30).map((packet, index) => track.push(packet, index * 33));
    const last = relayed.at(-1);
    assert.ok(last);
    assert.equal(track.find(last.sequence & 0xffff), last);
    assert.equal(track.find((last.sequence + 1) & 0xffff), undefined);
    assert.equal(track.find((last.sequence - 2000) & 0xffff), undefined);
    assert.equal(track.sinceKeyframe(1000, 900).length, 30);
    assert.equal(track.sinceKeyframe(400, 900).length, 0, 'too old to start with');
  });

  it('moves sender reports to its timeline', () => {
    const track = new RelayTrack('video');
    const [key] = pictures(1);
    assert.ok(key);
    assert.equal(track.report(key.ssrc, 1, 1), undefined);
    const start = track.push(key, 0);
    assert.equal(track.report(99, 1, 1), undefined);
    const report = track.report(key.ssrc, key.timestamp + 90_000, 5000);
    assert.equal(report?.timestamp, ((start?.timestamp ?? 0) + 90_000) % 2 ** 32);
    assert.deepEqual(track.reportAt(6000), {
      timestamp: (report.timestamp + 90_000) % 2 ** 32,
      wallClockMs: 6000,
    });
  });
});

describe('the guard of SRTP’s packet count', () => {
  it('lets packets pass, also late ones', () => {
    const guard = new SequenceGuard();
    assert.deepEqual(
      [10, 11, 13, 12, 14].map((number) => guard.next(number)),
      Array(5).fill('send'),
    );
  });

  it('fills a gap across the end of the numbers, and drops what is late there', () => {
    const guard = new SequenceGuard();
    assert.deepEqual(
      [65_534, 0, 65_535, 1, 0].map((number) => guard.next(number)),
      ['send', 'send', 'drop', 'send', 'drop'],
    );
    const gap = new SequenceGuard();
    assert.deepEqual(
      [65_500, 150].map((number) => gap.next(number)),
      ['send', 'fill'],
    );
  });
});
