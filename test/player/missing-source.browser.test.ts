import { expect } from 'chai';
import { tokenEndpoint } from '@gatecast/token';
import { clearFaults, setFaults } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { cleanPage } from './support/clean-page.js';
import { mountNano } from './support/nano-fixture.js';
import { mountPlayer, nextEvent, playFor, until, type PlayerSetup } from './support/player-fixture.js';

const OPEN = { prepare: (player: HTMLElement) => player.removeAttribute('token-url') };

async function errorOf(setup: PlayerSetup) {
  const { player, events } = mountPlayer(setup);
  const { error } = await nextEvent(player, 'secure-error');
  return { error, events, player };
}

describe('<secure-player> without a source of tokens, on a protected stream', () => {
  const realFetch = window.fetch.bind(window);
  let refusals = 0;

  beforeEach(() => {
    refusals = 0;
  });

  afterEach(async () => {
    window.fetch = realFetch;
    await cleanPage();
  });

  for (const engine of ['hls', 'native']) {
    it(`names the setting that is missing: ${engine}`, async function () {
      if (engine === 'native') skipUnless('native hls', this);
      const { error, player, events } = await errorOf({ ...OPEN, engine });
      expect(error.code).to.equal('token-source-missing');
      expect([401, 403]).to.include(error.status);
      expect(error.hint).to.match(/^Set token-url/);
      await until(() => player.shadowRoot?.querySelector('[part="error"]') != null, 'the panel');
      expect(player.shadowRoot?.querySelector('[part="error"] p')?.textContent).to.contain('not set up');
      expect(events.filter((event) => event.startsWith('secure-error'))).to.have.length(1);
    });
  }

  it('names the setting that is missing: nanoplayer', async () => {
    for (const version of [4, 5] as const) {
      const { player } = mountNano({
        version,
        prepare: (player) => {
          player.tokenSource = null;
          player.removeAttribute('token-url');
        },
      });
      const { error } = await nextEvent(player, 'secure-error');
      expect(error.code).to.equal('token-source-missing');
      expect(error.hint).to.match(/^Set token-url/);
      expect(error.vendorCode).to.be.a('number');
      player.remove();
    }
  });

  it('plays as soon as the page sets token-url', async () => {
    const { player } = await errorOf(OPEN);
    player.setAttribute('token-url', new URL('/api/tokens', player.src).href);
    await playFor(player, 1);
  });

  it('plays without an error when the page sets tokenSource a moment after the first refusal', async () => {
    const { player, events } = mountPlayer({
      prepare: (player) => {
        OPEN.prepare(player);
        window.fetch = async (...request) => {
          const response = await realFetch(...request);
          if (response.status === 401 || response.status === 403) {
            refusals += 1;
            player.tokenSource ??= tokenEndpoint({ url: new URL('/api/tokens', player.src), batch: true });
          }
          return response;
        };
      },
    });
    await playFor(player, 0.5);
    expect(events.filter((event) => event.startsWith('secure-error'))).to.deep.equal([]);
    expect(refusals).to.equal(1);
  });

  it('leaves other refusals and failures as they are', async () => {
    await setFaults({ media: { reject: { kind: 'any', status: 500 } } });
    expect((await errorOf(OPEN)).error.code).to.equal('source-failed');
    await clearFaults();
    const attributes = { 'token-placement': 'cookie' };
    expect((await errorOf({ ...OPEN, attributes })).error.code).to.equal('source-failed');
  });
});
