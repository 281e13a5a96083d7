import { expect } from 'chai';
import { cleanPage } from '../../player/support/clean-page.js';
import { watchHls } from '../../player/support/hls-instances.js';
import { until } from '../../player/support/player-fixture.js';
import { type Play, schemesOf } from '../../player/support/scheme-play.js';
import { backendOrigin, setFaults } from '../../support/backend.js';
import { skipUnless } from '../../support/skip-unless.js';
import type { HandWrittenModule } from './hand-written-pages.js';
import { measureByHand } from './measure-by-hand.js';

/** Long enough that no token is renewed before the origin refuses it. */
const TTL_SECONDS = 120;

/** A scheme for each module, and the path of its first playlist. */
const onEachRequest = {
  'token-field': ['jwt', '{stream}/index.m3u8'],
  'bearer-header': ['jwt-header', '{stream}/index.m3u8'],
  'query-fields': ['cloudfront', '{stream}/index.m3u8'],
  'cat-header': ['common-access-token', '{stream}/index.m3u8'],
  'path-prefix': ['bunny', '{stream}/index.m3u8'],
  cookies: ['akamai-cookie', '{stream}/index.m3u8'],
  'path-segment': ['cloudflare-stream', '{stream}/manifest/video.m3u8'],
} as const satisfies Partial<Record<HandWrittenModule, readonly [string, string]>>;

const inPlaylists = {
  'jwt-entry': ['jwt-playlists', '{stream}/index.m3u8'],
  'cookie-entry': ['uri-signing-cookie', '{stream}/index.m3u8'],
  'policy-entry': ['oven-media-engine', '{stream}/index.m3u8'],
  'signed-entry': ['akamai-short-to-long', '{stream}/index.m3u8'],
} as const satisfies Partial<Record<HandWrittenModule, readonly [string, string]>>;

describe('the hand-written pages', () => {
  const plays: Play[] = [];

  before(watchHls);
  afterEach(async () => {
    for (const play of plays.splice(0)) play.remove();
    await cleanPage();
  });

  /** Starts the pages, revokes all of their tokens, and waits until each has played on for seconds. */
  async function playOverRefusal(pages: Partial<Record<HandWrittenModule, readonly [string, string]>>) {
    const origin = backendOrigin();
    const schemes = await schemesOf(origin);
    const started = (Object.keys(pages) as HandWrittenModule[]).map((module) => {
      const [name, path] = pages[module] ?? [];
      const scheme = schemes.find((each) => each.name === name);
      if (!scheme) throw new Error(`There is no scheme for ${module}.`);
      const source = { module, src: `/cdn/${scheme.name}/${path ?? ''}` };
      return {
        module,
        play: measureByHand(origin, scheme, source, { stream: 'demo', ttlSeconds: TTL_SECONDS }),
      };
    });
    plays.push(...started.map(({ play }) => play));
    for (const { module, play } of started)
      await until(() => play.media.currentTime > 0 && play.media.readyState > 2, `${module} plays`);
    for (const { play } of started) play.begin();
    await setFaults({ expireNow: true });
    // What was loaded before the tokens were revoked ends after a few seconds of a live stream.
    await Promise.all(
      started.map(async ({ module, play: { media } }) => {
        let [playedS, lastS] = [0, media.currentTime];
        await until(() => {
          playedS += Math.min(1, Math.max(0, media.currentTime - lastS));
          lastS = media.currentTime;
          return playedS > 8;
        }, `${module} plays on`);
      }),
    );
    return started.map(({ module, play }) => ({ module, ...play.figures() }));
  }

  it('repeat a refused request with a new token, before hls.js sees the refusal', async function () {
    skipUnless('many players', this);
    for (const { module, errors, reloads } of await playOverRefusal(onEachRequest)) {
      expect(
        errors.filter((error) => /40[13]/.test(error)),
        module,
      ).to.deep.equal([]);
      expect(reloads, module).to.equal(0);
    }
  });

  it('load a source again whose addresses the origin refuses', async function () {
    skipUnless('many players', this);
    for (const { module, reloads } of await playOverRefusal(inPlaylists))
      expect(reloads, module).to.be.greaterThan(0);
  });
});
