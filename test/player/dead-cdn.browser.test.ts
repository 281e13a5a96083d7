import { expect } from 'chai';
import { FetchLoader, type HlsConfig } from 'hls.js';
import { backendOrigin } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { pause } from '../support/wait.js';
import { cleanPage } from './support/clean-page.js';
import { watchHls } from './support/hls-instances.js';
import { until } from './support/player-fixture.js';
import { type Play, playControl, playScheme, schemeCounts, schemesOf } from './support/scheme-play.js';
import { type Death, type Pathway, SteeredOrigins } from './support/steered-origins.js';

const TTL_SECONDS = 6;
/** Time after the change to the other CDN. */
const AFTER_MS = 2000;
/** The control stalls by so much less on a machine that is busy. */
const TOLERATED_MS = 400;
/** Otherwise hls.js waits for half a minute. */
const SHORT_LIMITS = {
  default: { maxTimeToFirstByteMs: 1000, maxLoadTimeMs: 10_000, timeoutRetry: null, errorRetry: null },
};

/** So that the recording is not loaded as a whole before the CDN dies. */
const SHORT_BUFFER = { maxBufferLength: 10, maxMaxBufferLength: 10 };

/** A player and its control: bare hls.js with the same two CDNs, which want no tokens there. */
interface Pair {
  readonly play: Play;
  readonly control: Play;
  readonly cdns: SteeredOrigins;
  readonly controlCdns: SteeredOrigins;
}

describe('<secure-player> while the CDN that it plays from dies', () => {
  const pairs: Pair[] = [];

  before(watchHls);
  afterEach(async () => {
    for (const { play, control, cdns, controlCdns } of pairs.splice(0).reverse()) {
      play.remove();
      control.remove();
      controlCdns.remove();
      cdns.remove();
    }
    await cleanPage();
  });

  async function playPair(
    stream: string,
    limits: Partial<HlsConfig>,
    single: readonly Pathway[],
  ): Promise<Pair> {
    const origin = backendOrigin();
    const other = new URL(origin);
    other.hostname = other.hostname === '127.0.0.1' ? 'localhost' : '127.0.0.1';
    const scheme = (await schemesOf(origin)).find(({ name }) => name === 'cloudfront');
    if (!scheme) throw new Error('The backend has no scheme cloudfront.');
    const config = { ...SHORT_BUFFER, ...limits };
    const cdns = new SteeredOrigins(
      { A: { origin, scheme: 'cloudfront' }, B: { origin: other.origin, scheme: 'akamai' } },
      stream,
    );
    const controlCdns = new SteeredOrigins(
      { A: { origin, scheme: 'open' }, B: { origin: other.origin, scheme: 'open' } },
      stream,
    );
    cdns.single = controlCdns.single = single;
    cdns.install();
    controlCdns.install();
    // Its requests go through the two CDNs of this page too.
    const control = playControl(origin, stream, { ...config, loader: FetchLoader });
    const attributes = { 'token-url': '', 'token-origins': other.origin };
    const play = playScheme(origin, { ...scheme, attributes }, { stream, ttlSeconds: TTL_SECONDS, config });
    if ('tokenSource' in play.media) play.media.tokenSource = cdns.tokenSource(TTL_SECONDS);
    const pair = { play, control, cdns, controlCdns };
    pairs.push(pair);
    return pair;
  }

  /** Starts all, measures from here, and waits until what plays with tokens has segments from the other CDN. */
  async function failOver(kill: (pair: Pair) => void): Promise<void> {
    for (const { play, control } of pairs)
      for (const { media } of [play, control])
        await until(() => media.currentTime > 1 && media.readyState > 2, 'it plays');
    for (const { play, control } of pairs) for (const each of [play, control]) each.begin();
    for (const { cdns } of pairs) expect(cdns.segments.map(({ pathway }) => pathway)).not.to.include('B');
    pairs.forEach(kill);
    for (const { cdns } of pairs) await until(() => cdns.plays('B', 0), 'segments from the other CDN');
    await pause(AFTER_MS);
    for (const { play, control } of pairs) {
      const { longestMs: controlMs } = control.figures();
      const { longestMs, reloads, failures } = play.figures();
      expect({ reloads, failures }).to.deep.equal({ reloads: 0, failures: [] });
      expect(longestMs, 'longest stall').to.be.lessThan(controlMs + TOLERATED_MS);
    }
  }

  const deaths: readonly [Death, string, { config?: Partial<HlsConfig>; single?: readonly Pathway[] }][] = [
    ['cut', 'its connections are cut', {}],
    ['unavailable', 'it answers HTTP 503', {}],
    [
      'hanging',
      'it answers nothing, and the other one has one rendition',
      { config: { fragLoadPolicy: SHORT_LIMITS, playlistLoadPolicy: SHORT_LIMITS }, single: ['B'] },
    ],
    ['cut', 'its connections are cut, and it has one rendition', { single: ['A', 'B'] }],
    ['unavailable', 'it answers HTTP 503, and has one rendition', { single: ['A', 'B'] }],
  ];
  for (const [death, what, { config = {}, single = [] }] of deaths) {
    it(`goes on from the other CDN, live and recorded: ${what}`, async function () {
      skipUnless('many players', this);
      const origin = backendOrigin();
      await fetch(`${origin}/api/schemes/counts`, { method: 'DELETE' });
      for (const stream of ['demo', 'demo-vod']) await playPair(stream, config, single);
      await failOver(({ cdns, controlCdns }) => {
        for (const each of [cdns, controlCdns]) Object.assign(each, { death, dead: 'A' });
      });
      for (const { play } of pairs) {
        expect(play.figures().errors.filter((error) => /40[13]/.test(error))).to.deep.equal([]);
        const entries = 'entries' in play.media ? play.media.entries : [];
        expect(entries, 'renditions of the other CDN').to.have.length(single.includes('B') ? 1 : 3);
      }
      const counts = await schemeCounts(origin);
      for (const name of ['cloudfront', 'akamai']) {
        const count = counts.find((each) => each.scheme === name);
        expect(count, name).to.deep.include({ refused: {}, foreign: 0 });
        expect(count?.served, name).to.be.greaterThan(2);
      }
    });
  }

  it('goes on from the other CDN, live and recorded, if the backend has no more tokens for it', async function () {
    skipUnless('many players', this);
    const origin = backendOrigin();
    await fetch(`${origin}/api/schemes/counts`, { method: 'DELETE' });
    for (const stream of ['demo', 'demo-vod']) await playPair(stream, {}, []);
    await failOver(({ cdns, controlCdns }) => {
      cdns.served = ['B'];
      Object.assign(controlCdns, { death: 'refusing', dead: 'A' });
    });
    const counts = await schemeCounts(origin);
    expect(counts.find(({ scheme }) => scheme === 'akamai')).to.deep.include({ refused: {}, foreign: 0 });
  });
});
