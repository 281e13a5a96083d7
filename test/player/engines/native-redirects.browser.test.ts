import type { SecurePlayer } from '@gatecast/player';
import { expect } from 'chai';
import { requestLog, setFaults } from '../../support/backend.js';
import { cleanPage } from '../support/clean-page.js';
import { mountSigned, refusedSince } from '../support/native-fixture.js';
import { skipUnless } from '../../support/skip-unless.js';
import { nextEvent, playFor, until } from '../support/player-fixture.js';

/** Seeks, and waits until playback goes on from there. */
async function seek(player: SecurePlayer, toSeconds: number): Promise<void> {
  const seeked = nextEvent(player, 'seeked');
  player.currentTime = toSeconds;
  await seeked;
  await playFor(player, 2);
  expect(player.currentTime).to.be.within(toSeconds, toSeconds + 8);
}

/** Counts how often the address of the media element is set. */
function countLoads(player: SecurePlayer): () => number {
  let loads = 0;
  player.addEventListener('loadstart', () => (loads += 1));
  return () => loads;
}

describe('<secure-player engine="native"> with segments that the signer redirects', () => {
  before(function () {
    skipUnless('native hls', this);
    skipUnless('dependable native hls', this);
  });
  afterEach(cleanPage);

  it('plays a recording past the end of its first token, and after seeks', async () => {
    const ttlSeconds = 6;
    await setFaults({ tokens: { ttlSeconds } });
    const sinceMs = Date.now();
    const { player, events } = mountSigned({ src: '/live/demo-vod.m3u8' });
    const loads = countLoads(player);
    await nextEvent(player, 'playing');
    const startedMs = performance.now();
    await seek(player, 40);
    await seek(player, 20);
    // The browser has loaded the next segments already, so only later ones need another token.
    await until(() => performance.now() - startedMs > (ttlSeconds + 2) * 1000, 'the end of the first token');
    await seek(player, 50);
    await seek(player, 2);
    expect(loads(), 'loads').to.equal(1);
    expect(await refusedSince(sinceMs)).to.equal(0);
    expect(events.join()).not.to.include('secure-error');
    const signed = (await requestLog({ sinceMs })).filter(({ kind }) => kind === 'sign');
    expect(signed.length, 'requests to the signer').to.be.greaterThan(20);
  });
});
