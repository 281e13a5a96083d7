import type { SecurePlayer } from '@gatecast/player';
import { expect } from 'chai';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor, until } from './support/player-fixture.js';

const appendBuffer = Object.getOwnPropertyDescriptor(SourceBuffer.prototype, 'appendBuffer') ?? {};

const SEGMENT_S = 2;

const behindLive = ({ seekable, currentTime }: SecurePlayer): number =>
  seekable.end(seekable.length - 1) - currentTime;

/** Appends fail until the media source is replaced. Returns how many have failed. */
function failAppends(media: EventTarget): () => number {
  let failed = 0;
  SourceBuffer.prototype.appendBuffer = () => {
    failed += 1;
    throw new TypeError('Refused by the test.');
  };
  media.addEventListener('emptied', restoreAppends, { once: true });
  return () => failed;
}

function restoreAppends(): void {
  Object.defineProperty(SourceBuffer.prototype, 'appendBuffer', appendBuffer);
}

describe('<secure-player> whose media source fails', () => {
  afterEach(async () => {
    restoreAppends();
    await cleanPage();
  });

  it('replaces it, and plays on behind live where the viewer was', async () => {
    const { player, events } = mountPlayer();
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    player.currentTime -= 12;
    await nextEvent(player, 'seeked');
    await playFor(player, 1);
    const [beforeS, behindS] = [player.currentTime, behindLive(player)];
    const failed = failAppends(player);
    await nextEvent(player, 'emptied');
    expect(failed()).to.be.greaterThan(0);
    await nextEvent(player, 'playing');
    expect(player.paused).to.equal(false);
    await playFor(player, 1);
    expect(player.currentTime).to.be.greaterThan(beforeS);
    // The live position moves in steps of a segment.
    expect(behindLive(player), 'seconds behind live').to.be.greaterThan(behindS - SEGMENT_S);
    expect(events.join()).not.to.include('secure-error');
  });

  it('stays paused if the viewer has paused', async () => {
    const { player } = mountPlayer();
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    player.pause();
    failAppends(player);
    await nextEvent(player, 'emptied');
    await until(() => player.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA, 'a picture');
    expect(player.paused).to.equal(true);
  });
});
