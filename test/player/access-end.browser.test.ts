import { expect } from 'chai';
import { setPlayerMessages, type SecurePlayer } from '@gatecast/player';
import type { TokenFunction } from '@gatecast/token';
import { backendOrigin } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { cleanPage } from './support/clean-page.js';
import { threeEntries } from './support/entries-fixture.js';
import { mountPlayer, nextEvent, pause, playFor, until } from './support/player-fixture.js';

/** A page that asks the demo's backend for tokens, until it is told that the access has ended. */
class Page {
  end: { code: string; reason?: string } | null = null;
  asked = 0;
  readonly tokenSource: TokenFunction = (request, { signal }) => {
    this.asked += 1;
    if (this.end) {
      const headers = { 'Content-Type': 'application/problem+json' };
      return new Response(JSON.stringify(this.end), { status: 403, headers });
    }
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify(request);
    return fetch(`${backendOrigin()}/api/tokens`, { method: 'POST', headers, body, signal });
  };
}

/** Ends the access to what the request names; `null` allows all again. */
async function revoke(request: object | null): Promise<void> {
  const method = request ? 'POST' : 'DELETE';
  const body = request && { body: JSON.stringify(request), headers: { 'Content-Type': 'application/json' } };
  const response = await fetch(`${backendOrigin()}/api/qa/revoke`, { method, ...body });
  expect(response.ok).to.equal(true);
}

const panelOf = (player: SecurePlayer) =>
  player.shadowRoot?.querySelector<HTMLElement>('[part="error"]') ?? null;

describe('<secure-player> whose access ends', () => {
  afterEach(async () => {
    setPlayerMessages('en', {});
    await revoke(null);
    return cleanPage();
  });

  it('stops at once with the words of the page, asks no more, and goes on at live by one call', async () => {
    const page = new Page();
    setPlayerMessages('en', { 'error-revoked': 'Your ticket has ended. {reason}' });
    const { player, events } = mountPlayer({
      attributes: { lang: 'en' },
      prepare: (each) => {
        each.tokenSource = page.tokenSource;
      },
    });
    await playFor(player, 1);
    await until(() => !player.paused, 'it plays');
    const paused = new Promise((resolve) => player.addEventListener('pause', resolve, { once: true }));
    page.end = { code: 'revoked', reason: '<b>Bought again?</b>' };
    const failed = nextEvent(player, 'secure-error');
    await player.refreshToken().catch(() => undefined);
    const { error } = await failed;
    await paused;
    expect([error.code, error.reason]).to.deep.equal(['revoked', '<b>Bought again?</b>']);
    expect(player.paused).to.equal(true);
    await until(() => player.buffered.length === 0, 'nothing is left to play');
    await until(() => panelOf(player) !== null, 'the panel');
    expect(panelOf(player)?.querySelector('p')?.textContent).to.equal(
      'Your ticket has ended. \u2068<b>Bought again?</b>\u2069',
    );
    const { asked } = page;
    await pause(1500);
    expect(page.asked, 'no further request').to.equal(asked);
    expect(events.filter((event) => event === 'secure-error:revoked')).to.have.length(1);

    page.end = null;
    await player.refreshToken();
    await playFor(player, 1);
    await until(() => panelOf(player) === null, 'no panel');
    const behindS = player.seekable.end(player.seekable.length - 1) - player.currentTime;
    expect(behindS, 'seconds behind the end of the window').to.be.lessThan(12);

    page.end = { code: 'moved' };
    await player.refreshToken().catch(() => undefined);
    await until(() => panelOf(player) !== null, 'the panel');
    expect(panelOf(player)?.querySelector('p')?.textContent).to.contain('somewhere else');
    page.end = null;
    panelOf(player)?.querySelector('button')?.click();
    await playFor(player, 1);
  });

  it('stops when the backend pushes it, and plays on by itself when it is allowed again', async () => {
    const { player } = mountPlayer({
      src: '/live/demo-medium.m3u8',
      attributes: { 'token-url': `${backendOrigin()}/api/tokens?push` },
    });
    await playFor(player, 1);
    const failed = nextEvent(player, 'secure-error');
    await revoke({ stream: 'demo-medium', code: 'moved', reason: 'Now in the main hall.' });
    const revokedAtMs = performance.now();
    const { error } = await failed;
    expect([error.code, error.reason]).to.deep.equal(['moved', 'Now in the main hall.']);
    expect(performance.now() - revokedAtMs, 'milliseconds').to.be.lessThan(2000);
    await until(() => player.buffered.length === 0, 'nothing is left to play');
    await until(() => panelOf(player) !== null, 'the panel');
    await revoke(null);
    await playFor(player, 1);
    await until(() => panelOf(player) === null, 'no panel');
  });

  for (const engine of ['hls', 'native'] as const) {
    it(`plays on with the other entries when the access to one of them ends (${engine})`, async function () {
      if (engine === 'native') skipUnless('dependable native hls', this);
      const { player, events } = mountPlayer({
        engine,
        attributes: {
          'token-url': `${backendOrigin()}/api/tokens?push`,
          // The browser's own player inherits a path, not a query.
          ...(engine === 'native' && { 'token-placement': 'path:/t/{token}{path}' }),
        },
        prepare: (each) => {
          each.removeAttribute('src');
          each.source = threeEntries({ startIndex: 2 });
        },
      });
      await playFor(player, 1);
      await until(() => player.activeEntry !== null, 'the entry');
      const { stream } = player.activeEntry ?? {};
      await revoke({ stream, code: 'revoked' });
      await until(() => events.includes('secure-token-failed:revoked'), 'the end');
      await playFor(player, 1);
      expect(events.filter((event) => event.startsWith('secure-error'))).to.deep.equal([]);
      if (engine === 'native') expect(player.activeEntry?.stream).not.to.equal(stream);
    });
  }
});
