import { expect } from 'chai';
import { setFaults } from '../support/backend.js';
import { relayedEndpoint, relayedRequests } from '../support/relayed-ingest.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor, until, type PlayerSetup } from './support/player-fixture.js';

/** Mounts a player that cannot play and gives the code of its error. */
async function codeOf(setup: PlayerSetup): Promise<string> {
  const { player } = mountPlayer(setup);
  const { error } = await nextEvent(player, 'secure-error');
  const findPanel = () => player.shadowRoot?.querySelector('[part="error"]');
  await until(() => findPanel() != null, 'the panel');
  const panel = findPanel();
  expect(panel?.getAttribute('role')).to.equal('alert');
  expect(panel?.textContent).to.contain(error.message).and.to.contain(error.hint);
  expect(error.hint).not.to.equal('');
  expect(player.error?.message).to.equal(error.message);
  return error.code;
}

describe('the error of <secure-player>', () => {
  afterEach(cleanPage);

  it('is typed when the address does not exist', async () => {
    expect(await codeOf({ src: '/live/nobody.m3u8' })).to.equal('source-not-found');
  });

  it('can be read from its first line in a player of the size of a phone', async () => {
    const { player } = mountPlayer({ src: '/live/nobody.m3u8', attributes: { lang: 'de' } });
    player.style.width = '326px';
    await nextEvent(player, 'secure-error');
    const find = (selector: string) => player.shadowRoot?.querySelector<HTMLElement>(selector) ?? null;
    await until(() => find('[part="error"] summary') !== null, 'the panel');
    find('[part="error-details"]')?.setAttribute('open', '');
    const topOf = (selector: string): number => find(selector)?.getBoundingClientRect().top ?? -Infinity;
    const panel = find('[part="error"]');
    expect(panel?.scrollHeight, 'there is more than fits').to.be.greaterThan(panel?.clientHeight ?? 0);
    expect(topOf('[part="error"] p')).to.be.at.least(topOf('[part="error"]'));
  });

  it('is typed when CORS or the network blocks the origin', async () => {
    await setFaults({ media: { down: true } });
    expect(await codeOf({})).to.equal('source-unreachable');
  });

  it('is typed when an origin redirects a request with a token that the browser would send on', async () => {
    const src = relayedEndpoint('redirect-307-aside').replace('{stream}', 'redirected');
    const { player } = mountPlayer({ src, attributes: { 'token-placement': 'header:X-Token' } });
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.code).to.equal('source-failed');
    expect(error.hint).to.contain('token-placement="header"');
    const requests = await relayedRequests('redirected');
    expect(requests.length).to.be.greaterThan(0);
    expect(requests.filter(({ status }) => status !== 307)).to.deep.equal([]);
  });

  it('is typed when the browser does not decode the codecs', async () => {
    expect(await codeOf({ src: '/live/demo-badcodec.m3u8' })).to.equal('codec-unsupported');
  });

  it('is typed when the token endpoint cannot be reached', async () => {
    await setFaults({ tokens: { down: true } });
    expect(await codeOf({})).to.equal('token-endpoint-unreachable');
  });

  it('goes away when the viewer tries again after the cause is gone', async () => {
    await setFaults({ media: { reject: 'demo-low' } });
    const { player } = mountPlayer();
    await nextEvent(player, 'secure-error');
    await setFaults({ media: { reject: [] } });
    const find = () => player.shadowRoot?.querySelector<HTMLButtonElement>('[part="retry"]');
    await until(() => find() != null, 'the panel');
    const button = find();
    button?.focus();
    expect(player.shadowRoot?.activeElement).to.equal(button);
    button?.click();
    await playFor(player, 1);
    expect(player.shadowRoot?.querySelector('[part="error"]')).to.equal(null);
  });
});
