import assert from 'node:assert/strict';
import { it } from 'node:test';
import { spokenSeconds } from '@gatecast/webcaster/internal/controls/centre-panel';

/** What a countdown says aloud, in order. */
function wordsOf(total: number): number[] {
  const words = Array.from({ length: total }, (_, at) => spokenSeconds(total - at, total));
  return words.filter((word, at) => word !== words[at - 1]);
}

it('says a countdown aloud at its start, each 30 s, at 10 s and in the last five seconds', () => {
  assert.deepEqual(wordsOf(75), [75, 60, 30, 10, 5, 4, 3, 2, 1]);
  assert.deepEqual(wordsOf(8), [8, 5, 4, 3, 2, 1]);
  assert.deepEqual(wordsOf(3), [3, 2, 1]);
  assert.equal(wordsOf(600).length, 26);
});
