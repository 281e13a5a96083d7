import { expect } from 'chai';
import { requestLog, setFaults } from '../../support/backend.js';
import { skipUnless } from '../../support/skip-unless.js';
import { cleanPage } from '../support/clean-page.js';
import { settle } from '../support/native-fixture.js';
import { mountPlayer, nextEvent, playFor, until } from '../support/player-fixture.js';

const SCRIPTS = '/test/player/support';

/** Registers the worker and waits until it controls this page. */
async function register(name: string): Promise<ServiceWorkerRegistration> {
  const script = `${SCRIPTS}/${name}.js`;
  const registration = await navigator.serviceWorker.register(script, { scope: '/' });
  const controls = (): boolean => navigator.serviceWorker.controller?.scriptURL.endsWith(script) ?? false;
  await until(controls, 'a worker that controls the page');
  return registration;
}

/** A placement that the browser’s own player can only have by the worker. */
const placement = { 'token-placement': 'header' };

describe('<secure-player engine="native"> with a service worker', () => {
  let registration: ServiceWorkerRegistration | undefined;

  before(async function () {
    skipUnless('dependable native hls', this);
    registration = await register('media-worker');
  });

  afterEach(cleanPage);

  after(async () => {
    // None in an engine that skips these tests.
    await registration?.unregister();
  });

  it('plays past the ends of three tokens at one address, without a refusal', async () => {
    await setFaults({ tokens: { ttlSeconds: 4 } });
    const sinceMs = Date.now();
    const { player, events } = mountPlayer({ engine: 'native', attributes: placement });
    let swaps = 0;
    await settle(player);
    player.addEventListener('emptied', () => (swaps += 1));
    const address = player.currentSrc;
    await playFor(player, 12);
    expect(swaps, 'swaps of the address').to.equal(0);
    expect(player.currentSrc).to.equal(address);
    expect(address).not.to.include('?');
    const media = (await requestLog({ sinceMs })).filter(({ kind }) => kind === 'segment');
    expect(media.length, 'segments').to.be.greaterThan(5);
    expect(media.filter(({ status }) => status >= 400)).to.deep.equal([]);
    expect(events.join()).not.to.include('secure-error');
    const seen = performance.getEntriesByType('resource').map(({ name }) => name);
    expect(seen.filter((name) => /token=|eyJ/.test(name))).to.deep.equal([]);
  });

  it('repeats a refused segment once with another token, and the browser does not notice', async () => {
    const { player, events } = mountPlayer({ engine: 'native', attributes: placement });
    await settle(player);
    let errors = 0;
    player.addEventListener('error', () => (errors += 1));
    await setFaults({ media: { reject: { kind: 'segment', count: 1 } } });
    await until(() => events.includes('secure-token-refreshed:rejected'), 'another token');
    await playFor(player, 3);
    expect(errors, 'errors of the media element').to.equal(0);
    expect(JSON.stringify(player.diagnostics())).not.to.include('native-symptom');
  });

  it('goes on with the token in the address if the requests pass by the worker', async () => {
    registration = await register('blind-worker');
    // Segments inherit a token in the path.
    const attributes = { 'token-placement': 'path:/t/{token}{path}' };
    const { player, events } = mountPlayer({ engine: 'native', attributes });
    await nextEvent(player, 'playing');
    expect(player.currentSrc).to.include('/t/');
    expect(events.join()).not.to.include('secure-error');
  });
});
