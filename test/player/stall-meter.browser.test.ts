import { expect } from 'chai';
import { until } from '../support/wait.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor } from './support/player-fixture.js';
import { StallMeter, TOLERATED_MS } from './support/stall-meter.js';

describe('the measurement of stalls', () => {
  afterEach(cleanPage);

  it('finds a stall while the control continues to play', async () => {
    const { player } = mountPlayer();
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    const meter = await StallMeter.start(player);
    await playFor(player, 1);
    player.pause();
    const control = document.querySelector<HTMLVideoElement>('body > video');
    const pausedAt = control?.currentTime ?? NaN;
    await until(() => (control?.currentTime ?? 0) > pausedAt + 1, 'the control to play on');
    await player.play();
    await playFor(player, 1);
    expect(meter.stop()).to.be.greaterThan(TOLERATED_MS);
  });
});
