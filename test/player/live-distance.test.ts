import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatClock, liveDistanceS, liveEdge } from '@gatecast/player/internal/overlay/skin/live-distance';

const seekable = { length: 1, end: () => 100 };

describe('the distance to the live edge', () => {
  it('is zero within the tolerance', () => {
    assert.equal(liveDistanceS({ currentTime: 86, liveEdgeStart: 85, seekable }), 0);
    assert.equal(liveDistanceS({ currentTime: 85.5, liveEdgeStart: 85, seekable }), 0);
  });

  it('is measured from the position at which the engine joins', () => {
    assert.equal(liveDistanceS({ currentTime: 48, liveEdgeStart: 85, seekable }), 42);
  });

  it('is measured from a usual latency if the engine gives no position', () => {
    assert.equal(liveEdge({ liveEdgeStart: undefined, seekable }), 90);
    assert.equal(liveDistanceS({ currentTime: 60, liveEdgeStart: undefined, seekable }), 30);
    const none = { length: 0, end: () => NaN };
    assert.equal(liveDistanceS({ currentTime: 0, liveEdgeStart: undefined, seekable: none }), 0);
  });

  it('is written in hours, minutes and seconds', () => {
    assert.equal(formatClock(42), '0:42');
    assert.equal(formatClock(3723), '1:02:03');
    assert.equal(formatClock(-1), '0:00');
  });
});
