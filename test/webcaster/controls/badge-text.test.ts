import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { badgeText } from '@gatecast/webcaster/internal/controls/controls-view';
import { messagesEn } from '@gatecast/webcaster/internal/messages/messages-en';

const quiet = { isWatched: false, isOnAir: null };

describe('the badge', () => {
  it('says how many seconds of a countdown remain: nothing connects before its end', () => {
    assert.equal(badgeText({ state: 'connecting', onAir: quiet, countdown: 12 }, messagesEn), 'Live in 12');
    for (const countdown of [null, 0])
      assert.equal(badgeText({ state: 'connecting', onAir: quiet, countdown }, messagesEn), 'Connecting');
  });

  it('says on air only by the word of the server', () => {
    const live = (isWatched: boolean, isOnAir: boolean | null): string =>
      badgeText({ state: 'live', onAir: { isWatched, isOnAir }, countdown: null }, messagesEn);
    assert.deepEqual(
      [live(false, null), live(true, null), live(true, true), live(true, false)],
      ['Live', 'Connected', 'On air', 'Not on air'],
    );
  });
});
