import { expect } from 'chai';
import { backendOrigin } from '../support/backend.js';
import { pause } from '../support/wait.js';
import { skipUnless } from '../support/skip-unless.js';
import { cleanPage } from './support/clean-page.js';
import { watchHls } from './support/hls-instances.js';
import { until } from './support/player-fixture.js';
import {
  type Play,
  playControl,
  playScheme,
  type SchemeCount,
  type SchemeDescription,
  schemeCounts,
  schemesOf,
} from './support/scheme-play.js';

/** Long enough for a browser that waits for the processor. */
const TTL_SECONDS = 10;
const PLAY_MS = 11_000;
/** More at once keep a machine with two cores too busy for such tokens. */
const AT_ONCE = 12;
/** The control stalls by so much less on a machine that is busy. */
const TOLERATED_MS = 400;

describe('<secure-player> with each token scheme', () => {
  const plays: Play[] = [];

  before(watchHls);
  afterEach(async () => {
    for (const play of plays.splice(0)) play.remove();
    await cleanPage();
  });

  it('plays on while tokens of 10 s are renewed: no error, no reload, nothing at another origin', async function () {
    skipUnless('many players', this);
    const all = await schemesOf(backendOrigin());
    for (let from = 0; from < all.length; from += AT_ONCE) {
      await playOn(all.slice(from, from + AT_ONCE));
      for (const play of plays.splice(0)) play.remove();
    }
  });

  async function playOn(schemes: readonly SchemeDescription[]): Promise<void> {
    const origin = backendOrigin();
    await fetch(`${origin}/api/schemes/counts`, { method: 'DELETE' });
    const names = new Set(schemes.map(({ name }) => name));
    const renewing = new Set(schemes.filter(({ way }) => way === 'renewed').map(({ name }) => name));
    const control = playControl(origin, 'demo');
    const rows = schemes.map((scheme) => ({
      scheme,
      play: playScheme(origin, scheme, { stream: 'demo', ttlSeconds: TTL_SECONDS }),
    }));
    plays.push(control, ...rows.map(({ play }) => play));
    for (const { scheme, play } of rows)
      await until(() => play.media.currentTime > 0 && play.media.readyState > 2, `${scheme.name} plays`);
    for (const play of plays) play.begin();
    await pause(PLAY_MS);
    const isRenewed = ({ scheme, tokens, renewed }: SchemeCount): boolean =>
      renewing.has(scheme) ? renewed > 1 : tokens > 1 || !names.has(scheme);
    await until(async () => (await schemeCounts(origin)).every(isRenewed), 'a renewal of each token');
    const { longestMs: controlMs } = control.figures();
    const counts = await schemeCounts(origin);
    for (const { scheme, play } of rows) {
      const { longestMs, errors, ...figures } = play.figures();
      const count = counts.find((each) => each.scheme === scheme.name);
      expect(figures, scheme.name).to.deep.include({ reloads: 0, failures: [] });
      expect(
        errors.filter((error) => /40[13]/.test(error)),
        `${scheme.name}: engine`,
      ).to.deep.equal([]);
      expect(longestMs, `${scheme.name}: longest stall`).to.be.lessThan(controlMs + TOLERATED_MS);
      expect(count?.foreign, `${scheme.name}: tokens that do not belong there`).to.equal(0);
      // What the origin wrote into a playlist may end before the player reads the playlist again, and on a busy machine a request
      // may arrive after the end of its token. Both are repaired before the engine sees them.
      const { 'token-expired': ended = 0, ...refused } = count?.refused ?? {};
      expect(refused, `${scheme.name}: refusals`).to.deep.equal({});
      expect(ended, `${scheme.name}: tokens that had ended`).to.be.at.most(12);
      // What the origin renews costs the backend nothing.
      const [least, most] = scheme.way === 'renewed' ? [1, 1] : [2, 12];
      expect(count?.tokens, `${scheme.name}: token requests`).to.be.within(least, most);
    }
    const strays = counts.filter(({ foreign, scheme }) => foreign > 0 && /^(?:open|elsewhere)/.test(scheme));
    expect(strays).to.deep.equal([]);
  }
});
