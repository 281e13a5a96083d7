import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WaterfallRow } from '../waterfall.js';
import { requestChain, roundTripsOf } from './request-chain.js';

type Times = readonly [startMs: number, firstByteMs: number, endMs: number];

const row = (name: string, [startMs, firstByteMs, endMs]: Times, changes = {}): WaterfallRow => ({
  name,
  isMark: false,
  startMs,
  sentMs: startMs,
  firstByteMs,
  endMs,
  bytes: 1,
  isStreamed: false,
  ...changes,
});
const page = row('page.html', [0, 300, 310], { isStreamed: true });
const appended = (atMs: number) => row('media-appended', [atMs, atMs, atMs], { isMark: true });
const namesOf = (rows: readonly WaterfallRow[]) => requestChain(rows).map(({ name }) => name);

describe('requestChain', () => {
  it('goes back from the first media to the page', () => {
    const rows = [
      page,
      row('player.js', [320, 420, 430]),
      row('skin.js', [440, 540, 640]),
      row('tokens', [450, 550, 560]),
      row('1.m4s', [570, 670, 700]),
      appended(710),
    ];
    assert.deepEqual(namesOf(rows), ['page.html', 'player.js', 'tokens', '1.m4s']);
    assert.deepEqual(
      requestChain(rows).map(({ pauseMs }) => pauseMs),
      [0, 10, 20, 10],
    );
    assert.equal(roundTripsOf(requestChain(rows), 100), 6);
  });

  it('uses a page before its end', () => {
    assert.deepEqual(namesOf([page, row('player.js', [305, 400, 410]), appended(420)]), [
      'page.html',
      'player.js',
    ]);
  });

  it('ends with the token answer if media came in it, also while it still arrives', () => {
    const tokens = row('tokens', [320, 420, 600], { isStreamed: true });
    const rows = [page, tokens, row('hls.js', [330, 430, 480]), appended(500)];
    assert.deepEqual(namesOf(rows), ['page.html', 'tokens']);
  });

  it('leaves out requests that ended after the media was there', () => {
    const rows = [page, row('1.m4s', [320, 420, 440]), row('2.m4s', [330, 470, 490]), appended(450)];
    assert.deepEqual(namesOf(rows), ['page.html', '1.m4s']);
  });

  it('leaves out what needs no network', () => {
    assert.deepEqual(namesOf([page, row('blob:', [330, 331, 332]), appended(340)]), ['page.html']);
  });
});
