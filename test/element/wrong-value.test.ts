import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wrongValue } from '@gatecast/element';

const ENGINES = ['auto', 'hls', 'native', 'nanoplayer'];

describe('the value of an attribute with a list of values', () => {
  it('is accepted if it is in the list', () => {
    for (const each of ENGINES) assert.equal(wrongValue('engine', each, ENGINES), null);
  });

  for (const [value, meant] of [
    ['hlsjs', 'hls'],
    ['hls.js', 'hls'],
    ['HLS', 'hls'],
    ['natve', 'native'],
    ['nano-player', 'nanoplayer'],
  ] as const) {
    it(`is compared with its neighbours: ${value}`, () => {
      const wrong = wrongValue('engine', value, ENGINES);
      assert.equal(wrong?.message, `The attribute engine has no value "${value}".`);
      assert.equal(wrong.hint, `Did you mean "${meant}"? Values of engine: auto, hls, native, nanoplayer.`);
    });
  }

  it('has no guess if nothing is near', () => {
    assert.equal(
      wrongValue('engine', 'shaka', ENGINES)?.hint,
      'Values of engine: auto, hls, native, nanoplayer.',
    );
  });

  it('may be anything, of any length', () => {
    for (const value of [undefined, null, 7, true, {}, Symbol('x'), () => 1, Object.create(null)])
      assert.match(wrongValue('engine', value, ENGINES)?.message ?? '', /no value "\(\w+\)"/);
    const long = wrongValue('engine', 'x'.repeat(1e6), ENGINES);
    assert.ok((long?.message.length ?? Infinity) < 120);
  });
});
