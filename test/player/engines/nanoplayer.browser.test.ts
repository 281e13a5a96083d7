import { expect } from 'chai';
import {
  controlSocket,
  mountNano,
  socketConnections,
  vendorNotes,
  vendorPlayer,
} from '../support/nano-fixture.js';
import { cleanPage } from '../support/clean-page.js';
import { nextEvent, pause, playFor, until } from '../support/player-fixture.js';

/** Against a double of the vendor's player and server: see test/doubles. */
describe('<secure-player engine="nanoplayer">', () => {
  beforeEach(() => controlSocket({ reset: true }));
  afterEach(cleanPage);

  it('plays in a child of the element, and removes it at the end', async () => {
    const { player, events } = mountNano();
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    expect(player.media.closest('[slot="player"]')?.parentElement).to.equal(player);
    expect(player.videoWidth).to.be.greaterThan(0);
    expect(events).to.include('secure-entry-changed:start');
    expect(player.activeEntry?.stream).to.equal('demo-low');
    player.remove();
    await pause(50);
    expect(player.querySelectorAll('*')).to.have.length(0);
  });

  it('renews eagerly: updates with whole sources, far enough apart, and without a stall', async function () {
    const { player, events } = mountNano({ ttlSeconds: 6 });
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    await until(
      () => vendorNotes(player).filter((note) => note === 'update:success').length >= 3,
      'three updates',
    );
    for (const source of vendorPlayer().sources) {
      expect(source.entries.map(({ index }) => index)).to.deep.equal([0, 1, 2]);
      expect(source.startIndex).to.equal(2);
      expect(source.options.switch.method).to.equal('client');
      expect(source.options.adaption.rule).to.equal('deviationOfMean2');
    }
    const verdicts = (await socketConnections()).map(({ verdict }) => verdict);
    expect(new Set(verdicts)).to.deep.equal(new Set(['ok']));
    expect(events.join()).not.to.include('secure-error');
  });

  it('answers a handshake refused for an old token with a fresh one', async function () {
    const { player, events } = mountNano({ ttlSeconds: 8 });
    await nextEvent(player, 'playing');
    await controlSocket({
      next: [{ handshakeStatus: 403 }, { handshakeStatus: 403 }],
      closeAll: 1011,
    });
    await until(() => events.includes('secure-token-refreshed:rejected'), 'the fresh token');
    await playFor(player, 1);
    expect(events.join()).not.to.include('secure-error');
  });

  it('behaves as a media element: play, pause, mute and volume reach the vendor’s player', async () => {
    const { player } = mountNano({ attributes: {} });
    await nextEvent(player, 'playing');
    const types: string[] = [];
    for (const type of ['pause', 'playing', 'volumechange'] as const)
      player.addEventListener(type, () => types.push(type));
    player.muted = true;
    player.volume = 0.25;
    await until(() => player.media.volume === 0.25, 'the volume');
    expect(player.muted).to.equal(true);
    player.pause();
    await nextEvent(player, 'pause');
    await player.play();
    expect(player.paused).to.equal(false);
    await playFor(player, 0.5);
    expect(types).to.include.members(['volumechange', 'pause', 'playing']);
  });
});
