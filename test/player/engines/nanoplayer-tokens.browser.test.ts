import { allowVendorScripts } from '@gatecast/player';
import { expect } from 'chai';
import {
  controlSocket,
  mountNano,
  socketConnections,
  vendorNotes,
  vendorPlayer,
  vendorSource,
} from '../support/nano-fixture.js';
import { cleanPage } from '../support/clean-page.js';
import { nextEvent, pause, playFor, until } from '../support/player-fixture.js';

/** Against a double of the vendor's player and server: see test/doubles. */
describe('tokens and errors of <secure-player engine="nanoplayer">', () => {
  beforeEach(() => controlSocket({ reset: true }));
  afterEach(cleanPage);

  it('uses the child that the page provides, and keeps it', async () => {
    const { player } = mountNano({
      prepare: (element) => {
        const place = document.createElement('div');
        place.slot = 'player';
        element.append(place);
      },
    });
    await nextEvent(player, 'playing');
    player.remove();
    await pause(50);
    expect(player.querySelectorAll('[slot="player"]')).to.have.length(1);
    expect(player.querySelectorAll('[slot="player"] *')).to.have.length(0);
  });

  for (const [kind, fields] of [
    ['jwt', ['jwtoken']],
    ['sts', ['token', 'expires', 'tag', 'options']],
  ] as const) {
    it(`shows the server the fields of ${kind} security`, async () => {
      const { player } = mountNano({ kind });
      await nextEvent(player, 'playing');
      const [connection] = await socketConnections();
      expect(connection?.verdict).to.equal('ok');
      expect(connection?.fields).to.deep.equal(['url', 'stream', 'cid', 'pid', 'flags', ...fields]);
    });
  }

  it('renews deferred: no update while connected, and the fresh token after a lost connection', async function () {
    const { player, events } = mountNano({
      kind: 'sts',
      // A renewed token has at least a quarter of its life left: time for a connection on a busy machine.
      ttlSeconds: 10,
      attributes: { 'refresh-mode': 'deferred' },
    });
    await nextEvent(player, 'playing');
    await playFor(player, 11);
    expect(await socketConnections(), 'connections while nothing was wrong').to.have.length(1);
    await controlSocket({ closeAll: 1011 });
    await until(() => vendorNotes(player).includes('pause:reconnectionimminent'), 'the reconnection');
    await playFor(player, 2);
    const verdicts = (await socketConnections()).map(({ verdict }) => verdict);
    expect(verdicts).to.deep.equal(['ok', 'ok']);
    expect(events.join()).not.to.include('secure-error');
  });

  it('resumes deferred with the fresh token', async function () {
    const { player } = mountNano({
      kind: 'sts',
      ttlSeconds: 4,
      attributes: { 'refresh-mode': 'deferred' },
    });
    await nextEvent(player, 'playing');
    player.pause();
    await pause(5000);
    await player.play();
    await playFor(player, 1);
    const connections = await socketConnections();
    expect(connections.map(({ verdict }) => verdict)).to.deep.equal(['ok', 'ok']);
  });

  it('leaves a paused player paused when its tokens are renewed', async function () {
    const { player } = mountNano({ ttlSeconds: 4 });
    await nextEvent(player, 'playing');
    player.pause();
    await until(() => player.paused, 'the pause');
    await pause(5000);
    expect(player.paused).to.equal(true);
    expect(vendorPlayer().sources.at(-1)?.options.switch.forcePlay).to.equal(false);
    expect(await socketConnections()).to.have.length(1);
    await player.play();
    await playFor(player, 1);
  });

  it('switches the entry manually and back to adaptation', async () => {
    const { player, events } = mountNano();
    await nextEvent(player, 'playing');
    player.switchEntry(0);
    await until(() => player.activeEntry?.index === 0, 'the switch');
    expect(events).to.include('secure-entry-changed:manual');
    expect(vendorPlayer().sources.at(-1)?.options.adaption.rule).to.equal('none');
    await until(() => player.videoWidth === 1280, 'the picture of the best entry');
    await pause(700);
    player.switchEntry('auto');
    await until(
      () => vendorPlayer().sources.at(-1)?.options.adaption.rule === 'deviationOfMean2',
      'adaption',
    );
  });

  it('reports the vendor’s own adaptation', async () => {
    const { player, events } = mountNano();
    await nextEvent(player, 'playing');
    vendorPlayer().adaptTo(1);
    await until(() => player.activeEntry?.index === 1, 'the switch');
    expect(events).to.include('secure-entry-changed:abr');
  });

  it('updates the player with a fresh token after an adaptation with an expired one', async function () {
    const { player } = mountNano({
      kind: 'sts',
      ttlSeconds: 4,
      attributes: { 'refresh-mode': 'deferred' },
    });
    await nextEvent(player, 'playing');
    await playFor(player, 5);
    vendorPlayer().adaptTo(1);
    // The switch has the old token, and aborts updates while it lasts.
    await until(() => vendorNotes(player).includes('update:success'), 'the update after the switch');
    await until(() => player.activeEntry?.index === 1, 'the switch');
    // The player connects before its first event, so the switch itself is refused.
    expect((await socketConnections()).map(({ verdict }) => verdict)).to.deep.equal(['ok', 4903, 'ok']);
    await playFor(player, 1);
  });

  for (const code of [4401, 4403, 4901, 4903]) {
    it(`answers a close with ${code} with a fresh token, and continues to play`, async () => {
      const { player, events } = mountNano();
      await nextEvent(player, 'playing');
      await controlSocket({ closeAll: code });
      await until(() => vendorNotes(player).includes('update:success'), 'the update with a fresh token');
      await playFor(player, 1);
      expect(events.filter((event) => event === 'secure-token-refreshed:rejected')).to.have.length(1);
      expect(vendorPlayer().sources.at(-1)?.options.switch.forcePlay).to.equal(true);
      expect(events.join()).not.to.include('secure-error');
    });
  }

  it('plays on in the same player after a fault of the security service, without a fresh token', async () => {
    const { player, events } = mountNano();
    await nextEvent(player, 'playing');
    const vendor = vendorPlayer();
    await controlSocket({ next: [{ closeCode: 4904 }], closeAll: 4900 });
    await until(() => vendorNotes(player).includes('error:4904'), 'the second fault');
    await nextEvent(player, 'playing');
    await playFor(player, 1);
    expect(vendorPlayer()).to.equal(vendor);
    expect(events.filter((event) => event.startsWith('secure-error'))).to.deep.equal([]);
    expect(events).not.to.include('secure-token-refreshed:rejected');
  });

  it('ends with one typed error that names the vendor’s code when every token is refused', async function () {
    const { player, events } = mountNano();
    await nextEvent(player, 'playing');
    await controlSocket({ next: Array.from({ length: 8 }, () => ({ closeCode: 4903 })), closeAll: 4903 });
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.code).to.equal('vendor-player-failed');
    expect(error.vendorCode).to.equal(4903);
    await pause(1500);
    expect(events.filter((event) => event.startsWith('secure-error'))).to.have.length(1);
  });

  it('reports a refusal at the start of playback', async function () {
    await controlSocket({ next: Array.from({ length: 8 }, () => ({ closeCode: 4401 })) });
    const { player } = mountNano();
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.vendorCode).to.equal(4401);
  });

  it('names the missing field of the source', async () => {
    const { player } = mountNano({
      prepare: (element) => {
        const [first] = vendorSource().entries ?? [];
        element.source = {
          entries: [{ ...first, h5live: { ...first?.h5live, server: { hls: 'https://a.example/p.m3u8' } } }],
        };
      },
    });
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.vendorCode).to.equal(5007);
    expect(error.hint).to.contain('websocket');
  });

  it('refuses plain HLS entries, and names the engine for them', async () => {
    const { player } = mountNano({
      prepare: (element) => {
        element.source = { entries: [{ index: 0, hls: 'https://a.example/live.m3u8' }] };
      },
    });
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.code).to.equal('source-missing');
    expect(error.hint).to.contain('engine="hls"');
  });

  it('reports a vendor script that the page has not allowed, and does not request it', async () => {
    const { player } = mountNano({ attributes: { 'nanoplayer-src': '/unlisted.js' } });
    const { error } = await nextEvent(player, 'secure-error');
    expect([error.code, error.retryable]).to.deep.equal(['vendor-script-not-allowed', false]);
    expect(error.hint).to.contain(`allowVendorScripts(["${location.origin}/unlisted.js"])`);
    expect(document.querySelector('script[src*="unlisted"]')).to.equal(null);
  });

  it('reports a vendor script that cannot be loaded', async () => {
    allowVendorScripts(['/nothing.js']);
    const { player } = mountNano({ attributes: { 'nanoplayer-src': '/nothing.js' } });
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.code).to.equal('vendor-script-failed');
  });

  it('shows no token in events, errors and diagnostics', async () => {
    const { player } = mountNano({ kind: 'sts' });
    const seen: string[] = [];
    player.addEventListener('secure-token-refreshed', (event) => seen.push(JSON.stringify(event)));
    await nextEvent(player, 'playing');
    await controlSocket({ closeAll: 4903 });
    await until(() => vendorNotes(player).includes('update:success'), 'the update');
    const tokens = vendorPlayer().sources.flatMap(({ entries }) =>
      entries.map(({ h5live }) => String(Reflect.get(h5live.security, 'token'))),
    );
    const text = JSON.stringify([seen, player.diagnostics(), player.tokenStates]);
    expect(
      tokens.some((token) => text.includes(token)),
      'a token is shown',
    ).to.equal(false);
  });
});
