import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Faults } from '../../demo/backend/qa/faults.js';
import { TokenEnds } from '../../demo/backend/schemes/token-ends.js';

describe('the ends of the tokens of a scheme', () => {
  it('tell revoked tokens from later ones, whose lives stay as short as they were', () => {
    let nowMs = 1_000_000;
    const faults = new Faults();
    const ends = new TokenEnds({ faults, ttlSeconds: () => 30, now: () => nowMs });
    const long = ends.endOf('a', 120);
    const short = ends.endOf('a', 6);
    assert.deepEqual([long, short], [1120, 1006]);
    assert.ok(!ends.isRevoked('a', long));
    faults.merge({ expireNow: true });
    assert.ok(ends.isRevoked('a', long) && ends.isRevoked('a', short));
    const fresh = ends.endOf('a', 6);
    assert.equal(fresh, 1007);
    assert.ok(!ends.isRevoked('a', fresh));
    assert.equal(ends.lifetimeOf('a', 6), 7);
    nowMs += 10_000;
    assert.equal(ends.endOf('a', 6), 1016);
    assert.equal(ends.endOf('other', 6), 1016);
  });
});
