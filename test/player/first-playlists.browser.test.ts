import { expect } from 'chai';
import { backendOrigin } from '../support/backend.js';
import { pause } from '../support/wait.js';
import { cleanPage } from './support/clean-page.js';
import { watchHls } from './support/hls-instances.js';
import { until } from './support/player-fixture.js';
import {
  type Play,
  playScheme,
  schemeCounts,
  type SchemeDescription,
  schemesOf,
} from './support/scheme-play.js';

/** Each way in which a token travels: fields on each request, cookie, path, and addresses that the origin signs. */
const NAMES = [
  'cloudfront',
  'cloudfront-cookies',
  'cloudflare-stream',
  'mux',
  'cloudfront-canned',
  'akamai-short-to-long',
];
const TTL_SECONDS = 6;

describe('<secure-player> with playlists in the token response', () => {
  const plays: Play[] = [];

  before(watchHls);
  afterEach(async () => {
    for (const play of plays.splice(0)) play.remove();
    await cleanPage();
  });

  async function play(name: string, options: Parameters<typeof playScheme>[2]): Promise<Play> {
    const scheme = (await schemesOf(backendOrigin())).find(
      (each): each is SchemeDescription => each.name === name,
    );
    if (!scheme) throw new Error(`There is no scheme ${name}.`);
    const started = playScheme(backendOrigin(), scheme, options);
    plays.push(started);
    await until(() => started.media.currentTime > 0, `${name} plays`);
    return started;
  }

  for (const name of NAMES) {
    it(`requests no playlist before the first segment: ${name}`, async () => {
      const playlistsOf = async (isBootstrapping: boolean): Promise<string[]> => {
        performance.clearResourceTimings();
        const startMs = performance.now();
        const started = await play(name, { stream: 'demo-vod', ttlSeconds: 60, isBootstrapping });
        started.remove();
        expect(started.figures().failures, name).to.deep.equal([]);
        const ofScheme = performance
          .getEntriesByType('resource')
          // Not those of the player before.
          .filter(({ startTime }) => startTime >= startMs)
          .sort((a, b) => a.startTime - b.startTime)
          .map((entry) => new URL(entry.name).pathname)
          .filter((path) => path.includes(`/cdn/${name}/`));
        const firstSegment = ofScheme.findIndex((path) => path.endsWith('.m4s'));
        expect(firstSegment).to.be.greaterThan(-1);
        return ofScheme.slice(0, firstSegment).filter((path) => path.endsWith('.m3u8'));
      };
      expect(await playlistsOf(false)).to.have.length.greaterThan(2);
      expect(await playlistsOf(true)).to.deep.equal([]);
    });
  }

  it('exchanges the addresses of such playlists before they end', async () => {
    await fetch(`${backendOrigin()}/api/schemes/counts`, { method: 'DELETE' });
    const name = 'cloudfront-canned';
    const options = { stream: 'demo-vod', ttlSeconds: TTL_SECONDS, isBootstrapping: true };
    const started = await play(name, options);
    const { media } = started;
    started.begin();
    await pause(TTL_SECONDS * 1000);
    const tokensOf = async (): Promise<number> =>
      (await schemeCounts(backendOrigin())).find(({ scheme }) => scheme === name)?.tokens ?? 0;
    const asked = await tokensOf();
    media.currentTime = 120;
    await until(
      () => media.currentTime > 121,
      'playback of what was loaded after the end of the first addresses',
    );
    expect(asked).to.be.greaterThan(1);
    expect(started.figures()).to.deep.include({ reloads: 0, errors: [], failures: [] });
  });
});
