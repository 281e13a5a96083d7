import { expect } from 'chai';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, pause, playFor, until, type PlayerSetup } from './support/player-fixture.js';

const KEYS = ['gatecast-positions', 'gatecast-volume'];

describe('remember of <secure-player>', () => {
  const forget = (): void => KEYS.forEach((key) => localStorage.removeItem(key));
  beforeEach(forget);
  afterEach(async () => {
    await cleanPage();
    forget();
  });

  const visit = async (setup: PlayerSetup = {}) => {
    const attributes = { remember: 'position volume', ...setup.attributes };
    const { player } = mountPlayer({ src: '/live/demo-vod.m3u8', ...setup, attributes });
    await nextEvent(player, 'playing');
    return player;
  };

  it('continues a recording in the next visit, with the volume, and keeps no token', async () => {
    const first = await visit();
    first.currentTime = 7;
    await nextEvent(first, 'seeked');
    await playFor(first, 0.3);
    first.volume = 0.25;
    first.pause();
    await until(() => KEYS.every((key) => localStorage.getItem(key) !== null), 'both entries');
    first.remove();
    await pause(0);

    const shown: number[] = [];
    const second = await visit({
      prepare: (each) => {
        each.addEventListener('playing', () => shown.push(each.currentTime));
      },
    });
    expect(shown[0]).to.be.within(6.5, 9);
    expect([second.volume, second.muted]).to.deep.equal([0.25, true]);
    second.remove();
    await pause(0);

    const third = await visit({ attributes: { 'start-time': '2' } });
    expect(third.currentTime).to.be.below(5);
    expect(KEYS.map((key) => localStorage.getItem(key)).join()).to.not.match(/token|http|\?|eyJ/);
  });

  it('keeps no position of a live stream', async () => {
    const player = await visit({ src: '/live/demo.m3u8' });
    await playFor(player, 0.5);
    player.pause();
    await nextEvent(player, 'pause');
    player.remove();
    await pause(0);
    expect(localStorage.getItem('gatecast-positions')).to.equal(null);
  });

  it('plays where the browser refuses storage', async () => {
    const own = Object.getOwnPropertyDescriptor(window, 'localStorage');
    Object.defineProperty(window, 'localStorage', {
      configurable: true,
      get: () => {
        throw new DOMException('refused', 'SecurityError');
      },
    });
    try {
      const player = await visit();
      await playFor(player, 0.3);
    } finally {
      if (own) Object.defineProperty(window, 'localStorage', own);
    }
  });
});
