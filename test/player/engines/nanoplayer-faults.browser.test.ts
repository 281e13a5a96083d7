import { expect } from 'chai';
import { cleanPage } from '../support/clean-page.js';
import {
  controlSocket,
  mountNano,
  QUICK_RECONNECT,
  socketConnections,
  vendorNotes,
  vendorPlayer,
} from '../support/nano-fixture.js';
import { nextEvent, pause, playFor, until } from '../support/player-fixture.js';

const errorsIn = (events: readonly string[]): string[] =>
  events.filter((event) => event.startsWith('secure-error'));

/** Against a double of the vendor's player and server: see test/doubles. */
describe('faults of the vendor’s player', () => {
  beforeEach(() => controlSocket({ reset: true }));
  afterEach(cleanPage);

  for (const version of [4, 5] as const) {
    it(`version ${version}: a broadcast that stops ends the stream, and plays again when it returns`, async () => {
      const { player, events } = mountNano({ version });
      await nextEvent(player, 'playing');
      const vendor = vendorPlayer();
      let ends = 0;
      player.addEventListener('ended', () => (ends += 1));
      await Promise.all([nextEvent(player, 'ended'), controlSocket({ stopStream: 'demo' })]);
      expect(player.ended).to.equal(true);
      await until(
        () => vendorNotes(player).filter((note) => note === 'error:2004').length >= 2,
        'an attempt',
      );
      await Promise.all([nextEvent(player, 'playing'), controlSocket({ startStream: 'demo' })]);
      await playFor(player, 1);
      expect(player.ended).to.equal(false);
      expect(vendorPlayer()).to.equal(vendor);
      expect(ends).to.equal(1);
      expect(events).not.to.include('secure-token-refreshed:rejected');
      expect(errorsIn(events)).to.deep.equal([]);
    });
  }

  it('says that a stream is not on air, and plays it when its broadcast begins', async () => {
    await controlSocket({ stopStream: 'demo' });
    const { player, events } = mountNano();
    const { error } = await nextEvent(player, 'secure-error');
    expect([error.code, error.vendorCode]).to.deep.equal(['source-not-found', 2004]);
    await Promise.all([nextEvent(player, 'playing'), controlSocket({ startStream: 'demo' })]);
    await playFor(player, 0.5);
    expect(player.shadowRoot?.querySelector('[part="error"]') ?? null).to.equal(null);
    expect(errorsIn(events)).to.have.length(1);
  });

  it('plays on in one player when codes are information', async () => {
    const { player, events } = mountNano({
      prepare: (element) => {
        element.nanoPlayerConfig = { playback: { reconnect: { ...QUICK_RECONNECT, minDelay: 0.3 } } };
      },
    });
    await nextEvent(player, 'playing');
    const vendor = vendorPlayer();
    for (const notice of [2011, 2012, 2013, 2014, 2011, 2012]) await controlSocket({ notice });
    await until(() => vendorNotes(player).includes('error:2014'), 'the codes');
    await playFor(player, 1);
    expect(vendorPlayer()).to.equal(vendor);
    expect(await socketConnections()).to.have.length(1);
    expect(errorsIn(events)).to.deep.equal([]);
  });

  it('asks for one fresh token when all handshakes are refused, then gives one error within 15 s', async () => {
    await controlSocket({ refuseHandshakes: 403 });
    const { player, events } = mountNano();
    await until(() => vendorNotes(player).includes('pause:reconnectionimminent'), 'the first refusal');
    const startMs = performance.now();
    const vendor = vendorPlayer();
    const { error } = await nextEvent(player, 'secure-error');
    // The wall clock of a busy machine is later than the timers: the node test holds the 15 s.
    expect(performance.now() - startMs).to.be.greaterThan(11_000);
    expect([error.code, error.vendorCode, error.retryable]).to.deep.equal([
      'vendor-player-failed',
      4106,
      true,
    ]);
    expect(events.filter((event) => event === 'secure-token-refreshed:rejected')).to.have.length(1);
    expect((await socketConnections()).length).to.be.lessThan(12);
    await Promise.all([nextEvent(player, 'playing'), controlSocket({ refuseHandshakes: 0 })]);
    await playFor(player, 0.5);
    expect(player.error).to.equal(null);
    expect(vendorPlayer()).to.equal(vendor);
  });

  it('tries nothing after the page has paused', async () => {
    const { player } = mountNano();
    await nextEvent(player, 'playing');
    await Promise.all([nextEvent(player, 'ended'), controlSocket({ stopStream: 'demo' })]);
    player.pause();
    const { length } = await socketConnections();
    await controlSocket({ startStream: 'demo' });
    await pause(2500);
    expect(await socketConnections()).to.have.length(length);
    await player.play();
    await playFor(player, 0.5);
  });
});
