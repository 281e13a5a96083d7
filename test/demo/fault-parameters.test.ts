import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faultPatch } from '@gatecast/qa/internal/faults/fault-patch';
import {
  describeFault,
  faultsAtWork,
  listFaults,
  setFault,
} from '../../demo/shared/faults/fault-parameters.js';

describe('faults by path', () => {
  it('sets a leaf and keeps its siblings', () => {
    const tree = setFault({ tokens: { fail: 3 } }, 'tokens.status', 503);
    assert.deepEqual(tree, { tokens: { fail: 3, status: 503 } });
  });

  it('removes a leaf', () => {
    const tree = setFault({ tokens: { fail: 3, status: 503 } }, 'tokens.fail', null);
    assert.deepEqual(listFaults(tree), [{ path: 'tokens.status', value: 503 }]);
  });

  it('patches several leaves at once, with null for those to remove', () => {
    assert.deepEqual(faultPatch({ 'tokens.down': true, 'media.down': null, 'tokens.fail': 2 }), {
      tokens: { down: true, fail: 2 },
      media: { down: null },
    });
  });

  it('treats a rule as a whole, so that it is never set in part', () => {
    const refuse = { retryAfterSeconds: 5 };
    assert.deepEqual(listFaults({ ingest: { refuse } }), [{ path: 'ingest.refuse', value: refuse }]);
  });

  it('omits used-up faults and settings that have no effect without them', () => {
    const spent = { stream: '*', kind: 'any', status: 403, count: 0 };
    assert.deepEqual(
      faultsAtWork({ tokens: { fail: 0, status: 503, down: true }, media: { reject: [spent] } }),
      [{ path: 'tokens.down', value: true }],
    );
    assert.equal(faultsAtWork({ tokens: { fail: 1, status: 503 } }).length, 2);
    assert.equal(faultsAtWork({ media: { reject: [spent, { stream: 'a' }] } }).length, 1);
  });

  it('describes a rule by its values', () => {
    const value = [{ stream: 'demo-low', kind: 'any', status: 403 }];
    assert.equal(describeFault({ path: 'media.reject', value }), 'media.reject demo-low any 403');
    assert.equal(describeFault({ path: 'latencyMs', value: null }), 'latencyMs off');
  });
});
