import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { engineDefinitions, type EngineName } from '@gatecast/player/internal/engine/registry';
import { compareSources } from '@gatecast/player/internal/source/compare-sources';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';
import type { PlayerSource, SourceEntry } from '@gatecast/player';

const entry = (index: number, more: object = {}): SourceEntry => ({
  index,
  label: `entry ${index}`,
  info: { bitrate: 1200 - 400 * index },
  hls: `https://a.example/s-${index}.m3u8`,
  h5live: {
    rtmp: { url: 'rtmp://play.example/play', streamname: `s-${index}` },
    server: { websocket: 'wss://h5live.example/stream.mp4' },
    security: { jwtoken: 'a-token' },
    ...more,
  },
});
const base = {
  entries: [entry(0), entry(1)],
  startIndex: 0,
  options: { adaption: { rule: 'deviationOfMean2', downStep: 1 }, switch: { method: 'server', timeout: 10 } },
  general: { serverDomain: 'eu.h5live.example' },
  defaults: { service: 'bintu' },
} satisfies PlayerSource;
const grouped = {
  group: { id: 'a-group', startQuality: 'medium', security: { jwtoken: 'a-token' } },
} satisfies PlayerSource;

type Outcome = 'none' | 'security' | 'switch';

function outcomes(current: PlayerSource, next: PlayerSource, engines: readonly EngineName[]): Outcome[] {
  const [before, after] = [current, next].map((each) => resolveSource(each, 'https://page.example/'));
  assert.ok(before && after);
  return engines.map((engine) => compareSources(before, after, engineDefinitions[engine]).kind);
}

/** What changes, and whether it is a switch for the vendor's player, and for an HLS player. */
const changes: readonly (readonly [string, PlayerSource, Outcome, Outcome])[] = [
  ['startIndex', { ...base, startIndex: 1 }, 'switch', 'switch'],
  [
    'the rule',
    { ...base, options: { ...base.options, adaption: { rule: 'none', downStep: 1 } } },
    'switch',
    'switch',
  ],
  [
    'options.adaption.downStep',
    { ...base, options: { ...base.options, adaption: { rule: 'deviationOfMean2', downStep: 2 } } },
    'switch',
    'security',
  ],
  [
    'options.switch',
    { ...base, options: { ...base.options, switch: { timeout: 20 } } },
    'switch',
    'security',
  ],
  ['general', { ...base, general: { serverDomain: 'us.h5live.example' } }, 'switch', 'security'],
  ['defaults', { ...base, defaults: {} }, 'switch', 'security'],
  ['a member that is unknown here', { ...base, own: { option: 1 } }, 'switch', 'security'],
  ['h5live.params', { ...base, entries: [entry(0, { params: { a: 'b' } }), entry(1)] }, 'switch', 'security'],
  [
    'a WebSocket address',
    { ...base, entries: [entry(0, { server: { websocket: 'wss://other.example/' } }), entry(1)] },
    'switch',
    'security',
  ],
  [
    'an HLS address',
    { ...base, entries: [{ ...entry(0), hls: 'https://b.example/s-0.m3u8' }, entry(1)] },
    'security',
    'switch',
  ],
  [
    'a bintu stream',
    { ...base, entries: [{ ...entry(0), bintu: { streamid: 'an-id' } }, entry(1)] },
    'switch',
    'security',
  ],
  ['a label', { ...base, entries: [{ ...entry(0), label: 'best' }, entry(1)] }, 'switch', 'switch'],
  ['fewer entries', { ...base, entries: [entry(0)] }, 'switch', 'switch'],
  [
    'a token',
    { ...base, entries: [entry(0, { security: { jwtoken: 'a-newer-token' } }), entry(1)] },
    'security',
    'security',
  ],
  [
    'the order of keys',
    {
      defaults: base.defaults,
      general: base.general,
      startIndex: 0,
      options: base.options,
      entries: base.entries,
    },
    'none',
    'none',
  ],
  [
    'undefined members',
    { ...base, own: undefined, entries: [{ ...entry(0), tag: undefined }, entry(1)] },
    'none',
    'none',
  ],
  [
    'empty members',
    { ...base, group: {}, entries: [{ ...entry(0), bintu: {}, tag: '' }, entry(1, { token: '' })] },
    'none',
    'none',
  ],
];

describe('a change of the source', () => {
  for (const [name, next, vendor, hls] of changes) {
    it(`is ${vendor} for the vendor’s player and ${hls} for HLS players: ${name}`, () => {
      assert.deepEqual(outcomes(base, next, ['nanoplayer', 'hls', 'native']), [vendor, hls, hls]);
    });
  }

  const groups: readonly (readonly [string, NonNullable<PlayerSource['group']>, Outcome])[] = [
    ['startQuality', { ...grouped.group, startQuality: 'high' }, 'switch'],
    ['apiurl', { ...grouped.group, apiurl: 'https://api.example' }, 'switch'],
    ['id', { ...grouped.group, id: 'another-group' }, 'switch'],
    ['security', { ...grouped.group, security: { jwtoken: 'a-newer-token' } }, 'security'],
  ];
  for (const [name, group, expected] of groups) {
    it(`is ${expected} for the vendor’s player: group.${name}`, () => {
      assert.deepEqual(outcomes(grouped, { group }, ['nanoplayer']), [expected]);
    });
  }

  it('names the members that differ, in a switch and in place', () => {
    const [current, next] = [base, { ...base, startIndex: 1, general: {}, own: 1 }].map((each) =>
      resolveSource(each, 'https://page.example/'),
    );
    assert.ok(current && next);
    const names = ['general', 'own', 'startIndex'];
    const change = compareSources(current, next, engineDefinitions.nanoplayer);
    assert.ok(change.kind === 'switch');
    assert.deepEqual([...change.changed].sort(), names);
    const inPlace = compareSources(current, { ...next, startIndex: 0 }, engineDefinitions.hls);
    assert.ok(inPlace.kind === 'security');
    assert.deepEqual([...inPlace.changed].sort(), ['general', 'own']);
    assert.equal(inPlace.tokens.size, 0);
  });

  it('does not give an HLS player the token of an entry that it cannot play', () => {
    const next = {
      ...base,
      entries: [entry(0), { ...entry(1, { security: { jwtoken: 'x.y.z' } }), hls: '' }],
    };
    const [before, after] = [{ ...next, entries: [entry(0), { ...entry(1), hls: '' }] }, next].map((each) =>
      resolveSource(each, 'https://page.example/'),
    );
    assert.ok(before && after);
    assert.equal(compareSources(before, after, engineDefinitions.hls).kind, 'none');
    assert.equal(compareSources(before, after, engineDefinitions.nanoplayer).kind, 'security');
  });
});
