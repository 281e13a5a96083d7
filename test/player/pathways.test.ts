import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Pathways } from '@gatecast/player/internal/engine/hls/pathways';

/** `ErrorActionFlags` of hls.js. */
const NONE = 0;
const MOVE_ALL_ALTERNATES_MATCHING_HOST = 1;
const BOTH = { pathways: ['A', 'B'] };

/** The pathways A and B, of which A plays. */
function open() {
  const time = { nowMs: 0 };
  const pathways = new Pathways(() => time.nowMs);
  pathways.select([{ pathwayId: 'A' }]);
  const fail = (resolved: boolean, flags = MOVE_ALL_ALTERNATES_MATCHING_HOST): void => {
    pathways.failed({ errorAction: { flags, resolved } });
  };
  return { time, pathways, fail };
}

describe('the pathways of a stream', () => {
  it('have an alternative if there is another one', () => {
    const { pathways } = open();
    assert.equal(pathways.hasAlternative(BOTH), true);
    assert.equal(pathways.hasAlternative({ pathways: ['A'] }), false);
    assert.equal(pathways.hasAlternative({ pathways: [] }), false);
  });

  it('have none for five minutes after the other one has failed, as in hls.js', () => {
    const { pathways, fail, time } = open();
    // It leaves the pathway before it reports the error.
    pathways.select([{ pathwayId: 'B' }]);
    fail(true);
    assert.equal(pathways.hasAlternative(BOTH), false);
    assert.equal(pathways.hasAlternative({ pathways: ['A', 'B', 'C'] }), true);
    time.nowMs += 300_001;
    assert.equal(pathways.hasAlternative(BOTH), true);
  });

  it('count an error that hls.js cannot escape against the current one', () => {
    const { pathways, fail } = open();
    fail(false);
    assert.equal(pathways.hasAlternative(BOTH), true);
    pathways.select([{ pathwayId: 'B' }]);
    assert.equal(pathways.hasAlternative(BOTH), false);
  });

  it('do not count an error of one rendition, nor content steering, nor a level that is removed', () => {
    const { pathways, fail } = open();
    fail(true, NONE);
    pathways.select([{ pathwayId: 'B' }]);
    pathways.select([{ pathwayId: 'B' }]);
    assert.equal(pathways.hasAlternative(BOTH), true);
  });

  it('are forgotten with the instance of hls.js', () => {
    const { pathways, fail } = open();
    pathways.select([{ pathwayId: 'B' }]);
    fail(true);
    pathways.reset();
    pathways.select([{ pathwayId: 'B' }]);
    assert.equal(pathways.hasAlternative(BOTH), true);
  });
});
