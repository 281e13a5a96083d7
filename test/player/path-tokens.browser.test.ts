import { expect } from 'chai';
import { backendOrigin, requestLog, setFaults } from '../support/backend.js';
import { hasFeature } from '../support/feature.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor, until, type PlayerFixture } from './support/player-fixture.js';

/*
 * Opaque tokens in the path, at an origin that accepts `/t/<token>/live/…` and nothing else. Nothing in such a path
 * looks like a token.
 */

/** Every token that the token endpoint has returned to this page. */
const tokens = new Set<string>();
const realFetch = window.fetch.bind(window);
/** Addresses of the media requests that the page itself has sent. */
let requested: string[] = [];

/** Records tokens and requests. `reroute` changes the address that is really requested, as a redirect does. */
function watchFetch(reroute: (url: string) => string = (url) => url): void {
  window.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const isMedia = url.includes('/live/');
    if (isMedia) requested.push(url);
    const response = await realFetch(isMedia ? reroute(url) : input, init);
    if (url.includes('/api/tokens')) {
      for (const [, token] of (await response.clone().text()).matchAll(/"token":"([^"]+)"/g))
        if (token) tokens.add(token);
    }
    return response;
  };
}

function mountWithPath(engine: string, src: string): PlayerFixture {
  return mountPlayer({ engine, src, attributes: { 'token-placement': 'path:/t/{token}{path}' } });
}

/** All that the player shows of itself. */
function shownBy({ player }: PlayerFixture): string {
  const { shadowRoot } = player;
  const error = player.error === null ? '' : `${player.error.message} ${JSON.stringify(player.error)}`;
  // The video's own address is the request of the browser's HLS player.
  const markup = shadowRoot?.innerHTML.replace(/(<video[^>]*) src="[^"]*"/, '$1') ?? '';
  return [JSON.stringify(player.diagnostics()), JSON.stringify(player), player.outerHTML, markup, error].join(
    '\n',
  );
}

function expectNoToken(text: string): void {
  expect(tokens.size).to.be.greaterThan(0);
  const found = [...tokens].filter(
    (token) => text.includes(token) || text.includes(encodeURIComponent(token)),
  );
  expect(found.length, 'tokens in what the player shows').to.equal(0);
}

describe('a token in the path', () => {
  beforeEach(async () => {
    requested = [];
    tokens.clear();
    watchFetch();
    await setFaults({ tokens: { opaque: true } });
  });

  afterEach(async () => {
    window.fetch = realFetch;
    await cleanPage();
  });

  const engines = ['hls', ...(hasFeature('native hls') ? ['native'] : [])];
  for (const engine of engines) {
    it(`is there once, also for an address with a fragment (${engine})`, async () => {
      const sinceMs = Date.now();
      const fixtures = ['/live/demo-low.m3u8#t=1', '/live/demo.m3u8#top'].map((src) =>
        mountWithPath(engine, src),
      );
      await Promise.all(
        fixtures.map(async ({ player }) => {
          await nextEvent(player, 'playing');
          await playFor(player, 3);
        }),
      );
      const refused = (await requestLog({ sinceMs })).filter(({ status }) => status >= 400);
      expect(refused.map(({ path }) => path.split('/').length)).to.deep.equal([]);
      for (const url of requested) expect(url.split('/t/').length).to.equal(2);
      for (const fixture of fixtures) expectNoToken(shownBy(fixture));
    });
  }

  it('is there once after a redirect inside the origin, and fresh after a renewal (hls)', async () => {
    watchFetch((url) => url.replace('/live/old/', '/live/'));
    const fixture = mountWithPath('hls', '/live/old/demo-low.m3u8');
    await nextEvent(fixture.player, 'playing');
    await playFor(fixture.player, 1);
    const before = tokens.size;
    await fixture.player.refreshToken();
    await until(() => tokens.size > before, 'another token');
    const newest = [...tokens].at(-1) ?? '';
    requested = [];
    await playFor(fixture.player, 3);
    expect(requested.length).to.be.greaterThan(0);
    for (const url of requested) expect(url.split(`/t/${encodeURIComponent(newest)}/`).length).to.equal(2);
    expectNoToken(shownBy(fixture));
  });

  for (const engine of engines) {
    it(`is not shown when the origin refuses what the playlist names (${engine})`, async () => {
      const fixture = mountWithPath(engine, '/live/demo-low.m3u8#t=1');
      const { player } = fixture;
      player.setAttribute('controls', '');
      await nextEvent(player, 'playing');
      await setFaults({ tokens: { opaque: true }, media: { reject: 'demo-low' } });
      const { error } = await nextEvent(player, 'secure-error');
      expectNoToken(
        [error.message, error.hint, error.stack, JSON.stringify(error), String(error.cause)].join('\n'),
      );
      await until(() => player.shadowRoot?.querySelector('[part~="error"]') !== null, 'the panel');
      expectNoToken(shownBy(fixture));
    });
  }

  it('is not shown when the browser quotes it in an error of a request', async () => {
    window.fetch = async (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      if (url.includes('/live/')) throw new TypeError(`${url} is an invalid header value`);
      const response = await realFetch(input, init);
      if (url.includes('/api/tokens'))
        for (const [, token] of (await response.clone().text()).matchAll(/"token":"([^"]+)"/g))
          if (token) tokens.add(token);
      return response;
    };
    const fixture = mountWithPath('hls', `${backendOrigin()}/live/demo-low.m3u8`);
    const { error } = await nextEvent(fixture.player, 'secure-error');
    expectNoToken([error.message, error.stack, String(error.cause)].join('\n'));
    expectNoToken(shownBy(fixture));
  });
});
