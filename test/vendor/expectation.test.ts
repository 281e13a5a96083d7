import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkExpectation, expectSame, reasonToSkip } from './expectation.js';

const expectation = { title: 'plays', seen: ['5.0.8'], check: async () => undefined };

describe('an expectation of a vendor’s client', () => {
  it('holds when its check passes, and differs with what was found when not', async () => {
    assert.equal((await checkExpectation(expectation, null)).outcome, 'holds');
    const check = async (): Promise<void> => expectSame('code', 4403, 2004);
    const { outcome, detail } = await checkExpectation({ ...expectation, check }, null);
    assert.deepEqual([outcome, detail], ['differs', 'code: expected 2004, found 4403']);
  });

  it('differs when its check fails in any other way', async () => {
    const check = (): Promise<void> => Promise.reject(new TypeError('player.setup is not a function'));
    const { outcome, detail } = await checkExpectation({ ...expectation, check }, null);
    assert.deepEqual([outcome, detail], ['differs', 'player.setup is not a function']);
  });

  it('is not checked for another build, or without what it needs', () => {
    const ofVersion5 = { ...expectation, builds: ['5'], needs: ['media'] } as const;
    assert.equal(
      reasonToSkip(expectation, '4', () => false),
      null,
    );
    assert.equal(
      reasonToSkip(ofVersion5, '5', () => true),
      null,
    );
    assert.match(reasonToSkip(ofVersion5, '4', () => true) ?? '', /version 5/);
    assert.match(reasonToSkip(ofVersion5, '5', () => false) ?? '', /does not play/);
  });
});
