import { expect } from 'chai';
import { setPlayerMessages, type SecurePlayer } from '@gatecast/player';
import type { TokenFunction } from '@gatecast/token';
import { backendOrigin } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
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

const panelOf = (player: SecurePlayer) =>
  player.shadowRoot?.querySelector<HTMLElement>('[part="error"]') ?? null;

describe('<secure-player> whose access ends', () => {
  afterEach(() => {
    setPlayerMessages('en', {});
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
    const paused = nextEvent(player, 'pause');
    page.end = { code: 'revoked', reason: '<b>Bought again?</b>' };
    const failed = nextEvent(player, 'secure-error');
    await player.refreshToken().catch(() => undefined);
    const { error } = await failed;
    await paused;
    expect([error.code, error.reason]).to.deep.equal(['revoked', '<b>Bought again?</b>']);
    expect(player.paused).to.equal(true);
    expect(player.buffered.length, 'nothing is left to play').to.equal(0);
    await until(() => panelOf(player) !== null, 'the panel');
    expect(panelOf(player)?.querySelector('p')?.textContent).to.equal(
      'Your ticket has ended. <b>Bought again?</b>',
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
});
