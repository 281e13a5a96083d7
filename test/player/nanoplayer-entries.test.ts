import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PlayerSource } from '@gatecast/player';
import { EntrySelection } from '@gatecast/player/internal/engine/nanoplayer/entry-selection';
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
