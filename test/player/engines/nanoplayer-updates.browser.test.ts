import type { PlayerSource } from '@gatecast/player';
import { expect } from 'chai';
import { cleanPage } from '../support/clean-page.js';
import {
  bintuLookups,
  controlSocket,
  mountNano,
  socketConnections,
  vendorNotes,
  vendorPlayer,
  vendorSource,
} from '../support/nano-fixture.js';
import { nextEvent, pause, playFor, until } from '../support/player-fixture.js';

/** Entries of the source at these positions, as another source. */
function other(...positions: number[]): PlayerSource {
  const { entries = [] } = vendorSource();
  const chosen = positions.flatMap((position) => entries[position] ?? []);
  return { entries: chosen.map((entry, index) => ({ ...entry, index })), startIndex: 0 };
}

/** Types of the media events that the page sees, in order. */
function listen(player: EventTarget, ...types: string[]): string[] {
  const seen: string[] = [];
  for (const type of types) player.addEventListener(type, () => seen.push(type));
  return seen;
}

/** Against a double of the vendor's player and server: see test/doubles. */
describe('updateSource of <secure-player engine="nanoplayer">', () => {
  beforeEach(() => controlSocket({ reset: true }));
  afterEach(cleanPage);

  it('changes to another stream within the same vendor player', async () => {
    const { player, events } = mountNano();
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    const first = vendorPlayer();
    const seen = listen(player, 'pause', 'play', 'emptied');
    const source = other(0);
    expect(await player.updateSource(source)).to.deep.equal({ status: 'updated' });
    expect(vendorPlayer()).to.equal(first);
    expect(player.source).to.equal(source);
    expect(player.entries.map(({ stream }) => stream)).to.deep.equal(['demo-high']);
    expect(player.activeEntry?.stream).to.equal('demo-high');
    expect(player.tokenStates.map(({ stream }) => stream)).to.deep.equal(['demo-high']);
    await playFor(player, 1);
    expect([player.videoWidth, player.paused]).to.deep.equal([1280, false]);
    expect(seen).to.deep.equal([]);
    expect(events.filter((event) => /error|entry-changed/.test(event))).to.deep.equal([
      'secure-entry-changed:start',
      'secure-entry-changed:start',
    ]);
    expect(events.at(-1)).to.equal('secure-source-updated');
  });

  it('keeps a player paused that the viewer has paused, with autoplay', async () => {
    const { player } = mountNano();
    await nextEvent(player, 'playing');
    player.pause();
    await until(() => player.paused, 'the pause');
    expect(await player.updateSource(other(0))).to.deep.equal({ status: 'updated' });
    await pause(800);
    expect(player.paused).to.equal(true);
    expect(await socketConnections()).to.have.length(1);
    await player.play();
    await playFor(player, 0.5);
    expect(player.videoWidth).to.equal(1280);
  });

  it('plays the old source, without an error, when the next one is refused', async () => {
    const { player, events } = mountNano();
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    const { source } = player;
    // The second refusal is that of a fresh token.
    await controlSocket({ next: [{ closeCode: 4903 }, { closeCode: 4903 }] });
    const error = await player.updateSource(other(0)).then(
      () => null,
      (reason: unknown) => reason as { code: string; vendorCode: number },
    );
    expect([error?.code, error?.vendorCode]).to.deep.equal(['vendor-player-failed', 4903]);
    await playFor(player, 1);
    expect(player.source).to.equal(source);
    expect(player.entries).to.have.length(3);
    expect(player.tokenStates).to.have.length(3);
    expect([player.videoWidth, player.paused, player.error]).to.deep.equal([640, false, null]);
    expect(events.filter((event) => event.startsWith('secure-error'))).to.deep.equal([]);
    expect(player.shadowRoot?.querySelector('[part~="error"]')).to.equal(null);
    expect(await player.updateSource(other(1))).to.deep.equal({ status: 'updated' });
  });

  it('plays the next source with another token when the first is refused', async () => {
    const { player } = mountNano();
    await nextEvent(player, 'playing');
    await playFor(player, 0.5);
    await controlSocket({ next: [{ closeCode: 4903 }] });
    expect(await player.updateSource(other(0))).to.deep.equal({ status: 'updated' });
    await playFor(player, 0.5);
    expect(player.error).to.equal(null);
  });

  it('ends with the last of several sources', async () => {
    const { player } = mountNano();
    await nextEvent(player, 'playing');
    await playFor(player, 0.5);
    const results = await Promise.all([
      player.updateSource(other(0)),
      player.updateSource(other(1)),
      player.updateSource(vendorSource()),
    ]);
    expect(results.at(-1)?.status).to.be.oneOf(['updated', 'unchanged']);
    await playFor(player, 0.5);
    expect(player.entries).to.have.length(3);
    expect(player.videoWidth).to.equal(640);
  });

  it('shows the page no pause and play during a reconnection', async () => {
    const { player } = mountNano();
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    const seen = listen(player, 'pause', 'play');
    await controlSocket({ closeAll: 1011 });
    await until(() => vendorNotes(player).includes('pause:reconnectionimminent'), 'the reconnection');
    expect(player.paused).to.equal(false);
    await nextEvent(player, 'playing');
    await playFor(player, 0.5);
    await controlSocket({ closeAll: 4903 });
    await until(() => vendorNotes(player).includes('update:success'), 'the update with a fresh token');
    await playFor(player, 0.5);
    expect(seen).to.deep.equal([]);
    player.pause();
    await nextEvent(player, 'pause');
    expect(seen).to.deep.equal(['pause']);
  });

  it('continues a group with the entries that the player has read, at renewals and switches', async () => {
    const { player, events } = mountNano({
      kind: 'group',
      ttlSeconds: 6,
      prepare: (element) => {
        element.source = { group: { id: 'demo', startQuality: 'high' } };
        element.nanoPlayerConfig = { playback: { enableMediaOverQuic: false } };
      },
    });
    await nextEvent(player, 'playing');
    await until(() => player.activeEntry !== null, 'the entry that plays');
    expect(player.entries.length).to.be.greaterThan(1);
    const { index } = player.activeEntry ?? { index: -1 };
    const width = player.videoWidth;
    await until(() => vendorNotes(player).includes('update:success'), 'a renewal');
    await playFor(player, 0.5);
    expect([player.activeEntry?.index, player.videoWidth]).to.deep.equal([index, width]);
    expect(await bintuLookups()).to.have.length(1);
    const last = player.entries.at(-1)?.index ?? -1;
    player.switchEntry(last);
    await until(() => player.activeEntry?.index === last, 'the switch');
    expect(await bintuLookups()).to.have.length(1);
    expect(events.filter((event) => event.includes('entry-changed'))).to.deep.equal([
      'secure-entry-changed:start',
      'secure-entry-changed:manual',
    ]);
  });

  it('reports no other entry at renewals', async function () {
    const { player, events } = mountNano({
      ttlSeconds: 4,
      prepare: (element) => {
        element.source = other(2);
      },
    });
    await nextEvent(player, 'playing');
    await until(
      () => vendorNotes(player).filter((note) => note === 'update:success').length >= 2,
      'two renewals',
    );
    expect(events.filter((event) => event.includes('entry-changed'))).to.deep.equal([
      'secure-entry-changed:start',
    ]);
  });

  for (const delayMs of [0, 30]) {
    it(`leaves no element and no error when it is removed ${delayMs} ms after its vendor player was created`, async () => {
      const uncaught: string[] = [];
      const onError = (event: ErrorEvent) => uncaught.push(event.message);
      window.addEventListener('error', onError);
      const { player } = mountNano();
      await until(() => document.querySelector('[id^="gatecast-player-"]') !== null, 'the vendor’s player');
      await pause(delayMs);
      player.remove();
      await pause(10);
      document.body.append(player);
      await nextEvent(player, 'playing');
      await until(
        () => document.querySelectorAll('[id^="gatecast-player-"]').length === 1,
        'the end of the first player',
      );
      player.remove();
      await until(() => document.querySelector('[id^="gatecast-player-"]') === null, 'the end');
      window.removeEventListener('error', onError);
      expect(uncaught).to.deep.equal([]);
    });
  }
});
