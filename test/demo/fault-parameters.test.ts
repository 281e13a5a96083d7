import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  describeFault,
  faultPatch,
  faultsAtWork,
  listFaults,
  setFault,
} from '../../demo/shared/faults/fault-parameters.js';

describe('faults by path', () => {
  it('sets a leaf and leaves its neighbours', () => {
    const tree = setFault({ tokens: { fail: 3 } }, 'tokens.status', 503);
    assert.deepEqual(tree, { tokens: { fail: 3, status: 503 } });
  });

  it('takes a leaf away', () => {
    const tree = setFault({ tokens: { fail: 3, status: 503 } }, 'tokens.fail', null);
    assert.deepEqual(listFaults(tree), [{ path: 'tokens.status', value: 503 }]);
  });

  it('patches several leaves at once, and keeps null for what is to go', () => {
    assert.deepEqual(faultPatch({ 'tokens.down': true, 'media.down': null, 'tokens.fail': 2 }), {
      tokens: { down: true, fail: 2 },
      media: { down: null },
    });
  });

  it('takes a rule as a whole, so that no half of one is left', () => {
    const refuse = { retryAfterSeconds: 5 };
    assert.deepEqual(listFaults({ ingest: { refuse } }), [{ path: 'ingest.refuse', value: refuse }]);
  });

  it('leaves out what is used up, and what then says nothing', () => {
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
