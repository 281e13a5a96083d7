import { expect } from 'chai';
import { skipUnless } from '../support/skip-unless.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, until } from './support/player-fixture.js';

const script = 'javascript:top.hasRun=true';

/** Every link and frame of the page, in the shadow roots of elements too. */
function addressesIn(root: ParentNode): string[] {
  return [...root.querySelectorAll('*')].flatMap((element) => [
    ...(element.matches('a, area, iframe, form, use, base')
      ? element.getAttributeNames().map((name) => element.getAttribute(name) ?? '')
      : []),
    ...(element.shadowRoot ? addressesIn(element.shadowRoot) : []),
  ]);
}

describe('an address that is a script', () => {
  afterEach(cleanPage);

  for (const engine of ['hls', 'native'] as const) {
    it(`is not run as an attribute of the engine ${engine}`, async function () {
      if (engine === 'native') {
        skipUnless('native hls', this);
        skipUnless('dependable native hls', this);
      }
      const names = ['src', 'token-url', 'playlist-signer', 'token-origins', 'poster'];
      await Promise.all(
        names.map(async (name) => {
          const { player, events } = mountPlayer({ engine, attributes: { controls: '', [name]: script } });
          await until(
            () => events.some((event) => event.startsWith('secure-error')) || player.currentTime > 0,
            `an error or playback with a script as ${name}`,
          );
        }),
      );
      expect('hasRun' in globalThis).to.equal(false);
      expect(addressesIn(document).filter((address) => address.includes('hasRun'))).to.deep.equal([]);
    });
  }

  it('is not run as an address or label of an entry', async () => {
    const { player } = mountPlayer({
      attributes: { controls: '' },
      prepare: (element) => {
        element.removeAttribute('src');
        element.source = { entries: [{ index: 0, label: script, hls: script, stream: 'demo-low' }] };
      },
    });
    await nextEvent(player, 'secure-error');
    expect('hasRun' in globalThis).to.equal(false);
    expect(addressesIn(document).filter((address) => address.includes('hasRun'))).to.deep.equal([]);
  });
});
