import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSettings } from '@gatecast/webcaster/internal/broadcast/broadcast-settings';
import { readElements } from '../../packages/server/src/doctor/read-elements.js';
import { defaultOptions } from '../webcaster/support/default-options.js';

const BASE = 'https://www.example.com/studio/';

describe('elements that gatecast doctor reads', () => {
  for (const endpoint of [
    '/whip/main',
    '/whip/main/?x=1',
    '/whip/main.m3u8',
    '/whip/what%3Fnow',
    '/whip/a%2Fb%20c',
    '/whip/100%',
    '/whip/%FF',
    '/whip/ö',
    '/{stream}/whip',
    'https://{stream}.example.com/whip',
    '{stream}:x',
  ])
    it(`have the stream that the webcaster takes from ${endpoint}`, () => {
      const { stream, endpoint: src } = readSettings({ ...defaultOptions, endpoint }, BASE).target;
      const [target] = readElements(`<secure-webcaster endpoint="${endpoint}">`, BASE)[0]?.targets ?? [];
      assert.deepEqual([target?.stream, target?.src], [stream, src]);
    });

  for (const tag of [
    'endpoint="https://{stream}.example.com/whip" stream="a b"',
    'endpoint="https://{stream}.example.com/whip" stream="[" ',
    'endpoint="{stream}:x" stream="javascript"',
    'endpoint="//{stream}" stream="a b"',
  ])
    it(`have no target if an address with the stream is none of http(s): ${tag}`, () => {
      const [element, ...more] = readElements(`<secure-webcaster ${tag}>`, BASE);
      assert.deepEqual([element?.targets, more], [[], []]);
      assert.match(element?.problem?.what ?? '', /not an http\(s\) URL|has no stream/);
    });

  it('have no target if the name of --stream cannot be in an address', () => {
    const [bad] = readElements('<secure-webcaster endpoint="/{stream}/whip">', BASE, 'a\uD800');
    assert.deepEqual(bad?.targets, []);
    assert.match(bad.problem?.what ?? '', /not an http\(s\) URL/);
    const [fine] = readElements('<secure-webcaster endpoint="/whip">', BASE, 'a\uD800');
    assert.equal(fine?.targets[0]?.src, 'https://www.example.com/whip');
    const [pair] = readElements('<secure-webcaster endpoint="/{stream}">', BASE, '\u{1F600}');
    assert.equal(pair?.targets[0]?.src, 'https://www.example.com/%F0%9F%98%80');
  });

  it('have no target if they use dpop', () => {
    for (const [kind, tag] of [
      ['player', '<secure-player src=/a.m3u8 token-url=/t dpop>'],
      ['player', '<secure-player token-url=/t dpop><source src=/a.m3u8>'],
      ['webcaster', '<secure-webcaster endpoint=/a token-url=/t dpop="false">'],
    ] as const) {
      const [element] = readElements(tag, BASE);
      assert.deepEqual([element?.kind, element?.targets], [kind, []]);
      assert.match(element?.problem?.what ?? '', /uses dpop, which the doctor does not check/);
    }
  });

  it('say how many there are if not all are read', () => {
    const found = readElements(
      `${'<secure-webcaster endpoint=/a>'.repeat(6)}${'<secure-player src=/a.m3u8></secure-player>'.repeat(4)}`,
      BASE,
    );
    assert.deepEqual(
      found.flatMap(({ kind, targets, problem }) => (targets.length === 0 ? [[kind, problem?.what]] : [])),
      [['webcaster', 'The page has 6 webcasters: the doctor reads the first 4.']],
    );
    const [player, ...more] = readElements(`<secure-player>${'<source src=/a.m3u8>'.repeat(9)}`, BASE);
    assert.deepEqual([player?.targets.length, more], [8, []]);
    assert.equal(player?.problem?.what, 'The player has 9 sources: the doctor reads the first 8.');
  });
});
