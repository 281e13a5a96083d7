import { expect } from 'chai';
import { clearFaults, setFaults } from '../support/backend.js';
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

  it('is typed when there is no source', async () => {
    expect(
      await codeOf({
        prepare: (player) => {
          player.removeAttribute('src');
          player.removeAttribute('token-url');
        },
      }),
    ).to.equal('source-missing');
  });

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

  it('is typed when the response is not a playlist', async () => {
    expect(await codeOf({ src: '/.well-known/jwks.json' })).to.equal('source-not-hls');
  });

  it('is typed when CORS or the network blocks the origin', async () => {
    await setFaults({ media: { down: true } });
    expect(await codeOf({})).to.equal('source-unreachable');
  });

  it('goes away by itself when the origin is well again', async () => {
    await setFaults({ media: { reject: { kind: 'any', status: 503 } } });
    const { player } = mountPlayer({});
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.code).to.equal('source-failed');
    await clearFaults();
    await until(() => player.error === null, 'no error');
    await playFor(player, 1);
    await until(() => player.shadowRoot?.querySelector('[part="error"]') === null, 'the panel is gone');
  });

  it('is a notice instead when the stream has not started and the page waits for it', async () => {
    await setFaults({ media: { reject: { kind: 'any', status: 404 } } });
    const { player, events } = mountPlayer({ attributes: { wait: '' } });
    const awaited = await nextEvent(player, 'secure-stream-awaited');
    expect([awaited.isAwaited, player.isStreamAwaited]).to.deep.equal([true, true]);
    const findPanel = () => player.shadowRoot?.querySelector('[part="waiting"]');
    await until(() => findPanel() != null, 'the notice');
    expect(findPanel()?.getAttribute('role')).to.equal('status');
    await clearFaults();
    await playFor(player, 1);
    await until(() => findPanel() == null, 'the notice is gone');
    expect([player.isStreamAwaited, events.includes('secure-error')]).to.deep.equal([false, false]);
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

  it('is typed when the token endpoint refuses the viewer', async () => {
    await setFaults({ tokens: { refuse: 'demo-low' } });
    expect(await codeOf({})).to.equal('token-refused');
  });

  it('is typed when the token response has an unknown shape', async () => {
    await setFaults({ tokens: { shape: 'wrong' } });
    expect(await codeOf({})).to.equal('token-response-invalid');
  });

  it('is typed when the token endpoint answers with a web page', async () => {
    await setFaults({ tokens: { shape: 'html' } });
    expect(await codeOf({})).to.equal('token-response-invalid');
  });

  it('is typed when times are in milliseconds', async () => {
    await setFaults({ tokens: { milliseconds: true } });
    expect(await codeOf({})).to.equal('token-time-unit');
  });

  it('is typed when a token has expired on arrival', async () => {
    await setFaults({ tokens: { expired: true } });
    expect(await codeOf({})).to.equal('token-expired');
  });

  it('is typed when the origin refuses a fresh token too', async () => {
    await setFaults({ media: { reject: 'demo-low' } });
    expect(await codeOf({})).to.equal('token-rejected');
  });

  it('is typed when there is no token source', async () => {
    expect(
      await codeOf({
        attributes: { 'token-placement': 'query:token' },
        prepare: (player) => {
          player.removeAttribute('token-url');
        },
      }),
    ).to.equal('token-source-missing');
  });

  it('is typed when an attribute has an invalid value', async () => {
    expect(await codeOf({ attributes: { 'token-placement': 'nowhere' } })).to.equal('option-invalid');
  });

  for (const [attribute, isSourced] of [
    ['src', true],
    ['token-url', true],
    ['token-url', false],
  ] as const) {
    it(`names ${attribute} when it is not a URL, ${isSourced ? 'with' : 'without'} a source, and goes away`, async () => {
      const { player, events } = mountPlayer({
        stream: 'demo-low',
        prepare: (element) => {
          if (!isSourced) element.removeAttribute('src');
        },
      });
      const valid = player.getAttribute(attribute) ?? '';
      player.setAttribute(attribute, 'http://[bad?token=of-an-invalid-address');
      const { error } = await nextEvent(player, 'secure-error');
      expect(error.code).to.equal('option-invalid');
      expect(error.message).to.contain(attribute).and.not.to.contain('[bad');
      player.setAttribute(attribute, valid);
      await until(() => events.includes('secure-token-refreshed:initial'), 'a token');
      expect(player.error?.code).not.to.equal('option-invalid');
    });
  }

  it('is typed when the token endpoint is changed to what is not a URL, and playback goes on', async () => {
    const { player } = mountPlayer({});
    const valid = player.tokenUrl;
    await nextEvent(player, 'playing');
    player.tokenUrl = 'http://[bad';
    const { error } = await nextEvent(player, 'secure-error');
    expect(error.code).to.equal('option-invalid');
    player.tokenUrl = valid;
    await until(() => player.error === null, 'no error');
    await playFor(player, 1);
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
