import { expect } from 'chai';
import { backendOrigin } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { cleanPage } from './support/clean-page.js';
import { watchHls } from './support/hls-instances.js';
import { until } from './support/player-fixture.js';
import { type Play, playScheme, type SchemeCount, schemeCounts, schemesOf } from './support/scheme-play.js';

/** Long enough that nothing but the fault ends a token. */
const TTL_SECONDS = 60;

async function countOf(origin: string, scheme: string): Promise<SchemeCount | undefined> {
  return (await schemeCounts(origin)).find((each) => each.scheme === scheme);
}

describe('<secure-player> with tokens that the CDN renews', () => {
  let play: Play | undefined;

  before(watchHls);
  afterEach(async () => {
    play?.remove();
    await fetch(`${backendOrigin()}/api/qa/faults`, { method: 'DELETE' });
    await cleanPage();
  });

  for (const name of ['uri-signing-cookie', 'common-access-token', 'common-access-token-redirect']) {
    it(`${name}: asks the backend when the CDN refuses what it has renewed, and plays on`, async function () {
      skipUnless('many players', this);
      const origin = backendOrigin();
      await fetch(`${origin}/api/schemes/counts`, { method: 'DELETE' });
      const scheme = (await schemesOf(origin)).find((each) => each.name === name);
      if (!scheme) throw new Error(`The backend has no scheme ${name}.`);
      const running = playScheme(origin, scheme, { stream: 'demo', ttlSeconds: TTL_SECONDS });
      play = running;
      await until(() => running.media.currentTime > 0 && running.media.readyState > 2, 'it plays');
      running.begin();
      expect((await countOf(origin, name))?.tokens, 'token requests before').to.equal(1);
      await fetch(`${origin}/api/qa/faults`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ expireNow: true }),
      });
      await until(async () => {
        const refused = (await countOf(origin, name))?.refused['token-revoked'] ?? 0;
        return refused > 0;
      }, 'a refusal at the origin');
      const served = (await countOf(origin, name))?.served ?? 0;
      await until(async () => ((await countOf(origin, name))?.served ?? 0) > served + 4, 'answers after it');
      const { errors, reloads, failures } = running.figures();
      expect({ reloads, failures }).to.deep.equal({ reloads: 0, failures: [] });
      expect(errors.filter((error) => /40[13]/.test(error))).to.deep.equal([]);
      expect((await countOf(origin, name))?.tokens, 'token requests').to.equal(2);
    });
  }
});
