import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearestName } from '@gatecast/contract';

const names = ['maxBufferLength', 'maxBufferSize', 'debug', 'fetchSetup', 'hls', 'env'];

describe('nearestName', () => {
  it('finds the name with a letter added, removed, replaced, moved or in another case', () => {
    for (const [written, meant] of [
      ['maxBufferLenght', 'maxBufferLength'],
      ['MAXBUFFERSIZE', 'maxBufferSize'],
      ['debugg', 'debug'],
      ['fetchSetu', 'fetchSetup'],
      ['fetch', 'fetchSetup'],
      ['hsl', 'hls'],
      ['fet', 'fetchSetup'],
    ] as const)
      assert.equal(nearestName(written, names), meant, written);
  });

  it('finds none for a name that is not near', () => {
    for (const written of ['sentinel', 'ab', 'any', 'max', '', 'constructor'])
      assert.equal(nearestName(written, names), null, written);
    assert.equal(nearestName('debug', []), null);
  });

  it('does not compare long texts', () => {
    assert.equal(nearestName('debug'.padEnd(65, 'x'), ['debug'.padEnd(65, 'x')]), null);
    assert.equal(nearestName('x'.repeat(10_000_000), names), null);
  });
});
