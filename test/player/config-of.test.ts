import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import { configOf } from '../../packages/player/src/engine/hls/config-of.js';

const source = { entries: [{ stream: 'launch' }, { stream: 'launch-low' }] };
const read = (cmcd: string | null, hlsConfig: Record<string, unknown> = {}) =>
  configOf({ options: { hlsConfig, cmcd }, source });

describe('the options of hls.js with the attribute cmcd', () => {
  it('are those of the page without it', () => {
    const hlsConfig = { maxBufferLength: 10 };
    assert.equal(read(null, hlsConfig), hlsConfig);
  });

  for (const [value, useHeaders, version] of [
    ['', false, 1],
    ['query', false, 1],
    ['headers', true, 1],
    ['query-v2', false, 2],
    ['headers-v2', true, 2],
  ] as const) {
    it(`send CMCD as "${value}" says, with the first stream as content id`, () => {
      assert.deepEqual(read(value, { maxBufferLength: 10 }), {
        maxBufferLength: 10,
        cmcd: { contentId: 'launch', useHeaders, version },
      });
    });
  }

  it('are overridden by those of hlsConfig.cmcd', () => {
    assert.deepEqual(read('headers', { cmcd: { contentId: 'final', sessionId: 's' } }), {
      cmcd: { contentId: 'final', sessionId: 's', useHeaders: true, version: 1 },
    });
  });

  for (const value of ['header', 'on', 'constructor', 'QUERY'])
    it(`refuse "${value}"`, () => {
      assert.throws(
        () => read(value),
        (error) => error instanceof GatecastError && error.code === 'option-invalid',
      );
    });
});
