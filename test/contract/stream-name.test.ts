import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LONGEST_STREAM_NAME, streamNameFault } from '@gatecast/contract';

describe('streamNameFault', () => {
  it('accepts printable names of any script, up to the longest', () => {
    for (const name of [
      'a',
      'XXXXX-YYYYY',
      'app/stream',
      'a b',
      'größe',
      '放送',
      '📺',
      '...',
      '.a',
      'a./b',
      'a..b',
      '...//x',
      '100%',
      '%2e%2e%2e',
      '%25',
    ])
      assert.equal(streamNameFault(name), null, name);
    assert.equal(streamNameFault('a'.repeat(LONGEST_STREAM_NAME)), null);
  });

  it('returns the fault of other names', () => {
    assert.equal(streamNameFault(''), 'empty');
    assert.equal(streamNameFault('a'.repeat(LONGEST_STREAM_NAME + 1)), 'too-long');
    for (const name of ['a\nb', 'a\u0000', '\u0085', 'a\ud800'])
      assert.equal(streamNameFault(name), 'control-character', JSON.stringify(name));
  });

  for (const name of [
    ...[
      '.',
      '..',
      '../a',
      'a/..',
      'live-/../premium',
      'a/./b',
      'a\\..\\b',
      '/..',
      '..;a/b',
      'a/..?b',
      'a/.#b',
    ],
    ...['a/%2E.', '%2e', 'a%2f..', 'a%2F%2e%2e%2Fb', 'a%5c..', '%252e%252e/a', '..%3ba', 'a/%25252e/b'],
  ]) {
    it(`returns "dot-segment" for ${name}`, () => {
      assert.equal(streamNameFault(name), 'dot-segment');
    });
  }
});
