import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PlayerSource } from '@gatecast/player';
import { buildVendorSource } from '@gatecast/player/internal/engine/nanoplayer/build-vendor-source';
import { EntrySelection } from '@gatecast/player/internal/engine/nanoplayer/entry-selection';
import { readGroupEntries } from '@gatecast/player/internal/engine/nanoplayer/group-entries';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';

describe('the selection of the vendor’s entries', () => {
  const entry = (index: number) => ({
    index,
    h5live: {
      server: { websocket: 'wss://h5live.example/' },
      rtmp: { url: 'rtmp://play.example/play', streamname: `s-${index}` },
    },
  });
  const select = (source: PlayerSource) =>
    new EntrySelection(resolveSource({ startIndex: 1, ...source }, 'https://page.example/'));
  const three = { entries: [entry(0), entry(1), entry(2)] };

  it('begins with the start index and names the token’s stream', () => {
    const selection = select(three);
    assert.equal(selection.stream, 's-1');
    assert.deepEqual(selection.onPlaying(), { type: 'entry', index: 1, reason: 'start' });
  });

  it('reports a choice by hand once, and stops the automatic rule', () => {
    const selection = select(three);
    selection.choose(2);
    assert.equal(selection.rule, 'none');
    assert.deepEqual(selection.onPlaying(), { type: 'entry', index: 2, reason: 'manual' });
    assert.deepEqual(selection.onSwitched(0), { type: 'entry', index: 0, reason: 'abr' });
  });

  it('reports an entry only when it is another one than before', () => {
    const selection = select(three);
    assert.deepEqual(selection.onPlaying(), { type: 'entry', index: 1, reason: 'start' });
    assert.equal(selection.onPlaying(), null);
    assert.equal(selection.onSwitched(1), null);
    assert.deepEqual(selection.onSwitched(2), { type: 'entry', index: 2, reason: 'abr' });
  });

  it('goes back to the rule of the source', () => {
    const selection = select(three);
    selection.choose(2);
    selection.choose('auto');
    assert.equal(selection.rule, 'deviationOfMean2');
    assert.equal(selection.position, 2);
  });

  it('refuses an index that no entry has, and changes nothing', () => {
    const selection = select(three);
    assert.throws(() => {
      selection.choose(7);
    }, RangeError);
    assert.equal(selection.position, 1);
    assert.equal(selection.rule, 'deviationOfMean2');
  });

  it('follows the player’s own switch, but not to an entry that is not in the source', () => {
    const selection = select(three);
    selection.onSwitchStarted(0);
    assert.equal(selection.stream, 's-0');
    selection.onSwitchStarted(9);
    assert.equal(selection.stream, 's-0');
  });

  it('is a typed error where no entry is for the vendor’s player, unless there is a group', () => {
    const plain = select({ entries: [{ index: 0, hls: 'https://a.example/x.m3u8' }] });
    assert.throws(
      () => {
        plain.assertNotEmpty();
      },
      { code: 'source-missing' },
    );
    const group = select({ group: { id: 'g-1' } });
    group.assertNotEmpty();
    assert.equal(group.stream, 'g-1');
    assert.equal(group.onPlaying(), null);
  });
});

describe('the entries of a stream group', () => {
  const group = resolveSource({ group: { id: 'g-1', startQuality: 'medium' } }, 'https://page.example/');
  const entry = (index: number) => ({
    index,
    info: { bitrate: 1200 - 400 * index, width: 1280, height: 720 },
    h5live: {
      server: { websocket: 'wss://h5live.example/' },
      rtmp: { url: 'rtmp://play.example/play', streamname: `s-${index}` },
      security: { jwtoken: 'secret' },
    },
  });
  const completed = { group: { id: 'g-1' }, entries: [entry(0), entry(1)], startIndex: 1 };

  it('are those that the player has read, with the token of the group', () => {
    const found = readGroupEntries(group, completed);
    assert.ok(found);
    assert.equal(found.hasStartIndex, true);
    const selection = new EntrySelection(found.source);
    assert.equal(selection.position, 1);
    assert.deepEqual(
      selection.entries.map(({ stream, bitrateKbps }) => [stream, bitrateKbps]),
      [
        ['g-1', 1200],
        ['g-1', 800],
      ],
    );
    const tokens = new Map([['g-1', 'fresh']]);
    const source = buildVendorSource({
      source: found.source,
      tokens,
      position: 0,
      rule: 'none',
      isPlaying: true,
    });
    assert.equal('group' in source, false);
    assert.equal(source.startIndex, 0);
    assert.doesNotMatch(JSON.stringify(source), /secret/);
    assert.equal(JSON.stringify(source).split('"jwtoken":"fresh"').length - 1, 2);
  });

  it('are unknown without an answer of the player; the playing stream names the entry', () => {
    assert.equal(readGroupEntries(group, { group: { id: 'g-1' } }), null);
    const hls = { index: 0, hls: 'https://a.example/a.m3u8' };
    for (const entries of [[{ index: 0, label: 'x' }], [hls], [entry(0), { ...hls, index: 1 }]])
      assert.equal(readGroupEntries(group, { entries }), null);
    const found = readGroupEntries(group, { entries: [entry(0), entry(1)] });
    assert.ok(found);
    assert.equal(found.hasStartIndex, false);
    const selection = new EntrySelection(found.source);
    assert.deepEqual(selection.onStreamInfo('s-1'), { type: 'entry', index: 1, reason: 'start' });
    assert.equal(selection.onStreamInfo('s-0'), null);
  });

  it('can be chosen before they are known', () => {
    const selection = new EntrySelection(group);
    selection.choose(1);
    const found = readGroupEntries(group, completed);
    assert.ok(found);
    assert.deepEqual(
      [selection.inGroup(found.source).position, selection.inGroup(found.source).rule],
      [1, 'none'],
    );
  });

  it('are not read for a source that has its own', () => {
    const own = resolveSource({ entries: [entry(0)], group: { id: 'g-1' } }, 'https://page.example/');
    assert.equal(readGroupEntries(own, completed), null);
  });
});
