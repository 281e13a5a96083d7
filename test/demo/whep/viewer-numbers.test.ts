import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VIDEO_FORMATS } from '../../../demo/backend/webrtc/codecs/video-codec.js';
import { EncodingChoice } from '../../../demo/backend/webrtc/encoding-choice.js';
import type { RelayedPacket } from '../../../demo/backend/webrtc/playback/relay-track.js';
import { ViewerNumbers } from '../../../demo/backend/webrtc/playback/viewer-numbers.js';
import { vp8Picture } from './codec-payloads.js';

describe('the numbers at a viewer', () => {
  const create = () => new ViewerNumbers({ clockRate: 90_000, pictureId: VIDEO_FORMATS.vp8.pictureId });
  const packet = (source: object, sequence: number, timestamp: number, pictureId: number): RelayedPacket => ({
    source,
    sequence,
    timestamp,
    marker: true,
    payload: vp8Picture(true, 320, 240, pictureId),
    startsKeyframe: true,
    arrivedAtMs: timestamp / 90,
  });
  const pictureOf = (placed: RelayedPacket | undefined) =>
    ((placed?.payload[2] ?? 0) & 0x7f) * 256 + (placed?.payload[3] ?? 0);

  it('are those of the first source, and continue with the next', () => {
    const numbers = create();
    const [low, high] = [{}, {}];
    const first = packet(low, 65_535, 9000, 0x7fff);
    assert.equal(numbers.place(first)?.payload, first.payload, 'not copied');
    const next = numbers.place({ ...packet(high, 100, 4_000_000, 500), arrivedAtMs: 200 });
    assert.deepEqual([next?.sequence, next?.timestamp, pictureOf(next)], [65_536, 18_000, 0]);
    assert.equal(numbers.timestamp(4_000_090), 18_090);
    assert.equal(numbers.place(packet(high, 99, 3_999_000, 499)), undefined, 'before the change');
    const later = numbers.place(packet(high, 102, 4_003_000, 501));
    assert.deepEqual([later?.sequence, later?.timestamp, pictureOf(later)], [65_538, 21_000, 1]);
    assert.equal(numbers.find(0), next, 'for retransmission');
    assert.equal(numbers.find(65_535)?.source, low);
    assert.equal(numbers.find(1), undefined, 'not sent yet');
  });
});

describe('the choice of an encoding', () => {
  it('is the largest one that comes', () => {
    const choice = new EncodingChoice();
    assert.equal(choice.onPacket('vp8', 'l', vp8Picture(true, 320, 240, 1), 0), true);
    assert.equal(choice.onPacket('vp8', 'h', vp8Picture(false, 0, 0, 1), 10), false);
    assert.equal(choice.best(20), 'l', 'the other one has not begun');
    assert.equal(choice.onPacket('vp8', 'h', vp8Picture(true, 640, 480, 1), 30), true);
    assert.equal(choice.best(40), 'h');
    choice.onPacket('vp8', 'l', vp8Picture(false, 0, 0, 2), 2000);
    assert.equal(choice.best(2010), 'l', 'the other one is paused');
    assert.equal(choice.best(9000), undefined);
  });
});
