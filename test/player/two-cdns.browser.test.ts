import { expect } from 'chai';
import { backendOrigin } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { pause } from '../support/wait.js';
import { cleanPage } from './support/clean-page.js';
import { watchHls } from './support/hls-instances.js';
import { until } from './support/player-fixture.js';
import { type Play, playControl, playScheme, schemeCounts, schemesOf } from './support/scheme-play.js';
import { SteeredOrigins } from './support/steered-origins.js';

const TTL_SECONDS = 6;
/** Time with a dead CDN. */
const DEAD_MS = 1500;
/** The control stalls by so much less on a machine that is busy. */
const TOLERATED_MS = 400;

describe('<secure-player> with two CDNs that have two schemes', () => {
  const plays: Play[] = [];
  let cdns: SteeredOrigins | undefined;

  before(watchHls);
  afterEach(async () => {
    for (const play of plays) play.remove();
    cdns?.remove();
    await cleanPage();
  });

  it('follows content steering to and fro, also while the other CDN is dead', async function () {
    skipUnless('many players', this);
    const origin = backendOrigin();
    const other = new URL(origin);
    other.hostname = other.hostname === '127.0.0.1' ? 'localhost' : '127.0.0.1';
    await fetch(`${origin}/api/schemes/counts`, { method: 'DELETE' });
    const scheme = (await schemesOf(origin)).find(({ name }) => name === 'cloudfront');
    if (!scheme) throw new Error('The backend has no scheme cloudfront.');
    const steered = new SteeredOrigins(
      { A: { origin, scheme: 'cloudfront' }, B: { origin: other.origin, scheme: 'akamai' } },
      'demo',
    );
    cdns = steered;
    steered.install();
    const control = playControl(origin, 'demo');
    const attributes = { 'token-url': '', 'token-origins': other.origin };
    const play = playScheme(origin, { ...scheme, attributes }, { stream: 'demo', ttlSeconds: TTL_SECONDS });
    plays.push(control, play);
    if ('tokenSource' in play.media) play.media.tokenSource = steered.tokenSource(TTL_SECONDS);
    for (const { media } of plays)
      await until(() => media.currentTime > 0 && media.readyState > 2, 'it plays');
    expect(steered.segments.map(({ pathway }) => pathway))
      .to.include('A')
      .and.not.include('B');
    for (const each of plays) each.begin();
    for (const [next, last] of [
      ['B', 'A'],
      ['A', 'B'],
    ] as const) {
      steered.dead = null;
      const before = steered.segments.length;
      steered.preferred = next;
      await until(() => steered.plays(next, before), `segments from ${next}`);
      steered.dead = last;
      await pause(DEAD_MS);
    }
    const { longestMs: controlMs } = control.figures();
    const { longestMs, errors, ...figures } = play.figures();
    expect(figures).to.deep.include({ reloads: 0, failures: [] });
    expect(errors.filter((error) => /40[13]/.test(error))).to.deep.equal([]);
    expect(longestMs, 'longest stall').to.be.lessThan(controlMs + TOLERATED_MS);
    expect(
      steered.segments.filter(({ isDead }) => isDead),
      'segments of the dead CDN',
    ).to.deep.equal([]);
    expect(steered.steeringRequests).to.be.greaterThan(1);
    expect(steered.strayFields, 'fields at the steering server').to.deep.equal([]);
    const counts = await schemeCounts(origin);
    for (const name of ['cloudfront', 'akamai']) {
      const count = counts.find((each) => each.scheme === name);
      expect(count, name).to.deep.include({ refused: {}, foreign: 0 });
      expect(count?.served, name).to.be.greaterThan(2);
    }
  });
});
