import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import type { Page } from 'playwright-core';
import { visitPage } from '../bench/visit-page.js';
import { missingBrowser, waitForPicture } from '../support/open-browser.js';
import { startHeldSite, type HeldSite } from './support/held-site.js';

/** What must have come before an answer to any of it, or to anything after it, is sent. */
type RoundTrips = readonly (readonly string[])[];

interface Start {
  readonly title: string;
  readonly tokenUrl: string;
  /** Has the page the inline line that starts players before gatecast.js is there? */
  readonly isStarted?: boolean;
  readonly roundTrips: RoundTrips;
  /** Requests of which the first frame needs none. */
  readonly never: readonly string[];
}

const library = 'gatecast-hls.light.js';
const playlists = ['demo.m3u8', 'high.m3u8'];
/** With the inline line, one round trip has all that follows from the page. */
const early = ['gatecast.js', 'tokens', library, 'connection'];

const starts: readonly Start[] = [
  {
    title: 'the tag alone',
    tokenUrl: '/api/tokens',
    roundTrips: [
      ['page'],
      ['gatecast.js'],
      ['tokens', library, 'connection'],
      ['demo.m3u8'],
      ['high.m3u8'],
      ['init.mp4', 'segment'],
    ],
    never: [],
  },
  {
    title: 'playlists in the token answer',
    tokenUrl: '/api/tokens?bootstrap',
    roundTrips: [['page'], ['gatecast.js'], ['tokens', library, 'connection'], ['init.mp4', 'segment']],
    never: playlists,
  },
  {
    title: 'the inline line',
    tokenUrl: '/api/tokens',
    isStarted: true,
    roundTrips: [['page'], early, ['demo.m3u8'], ['high.m3u8'], ['init.mp4', 'segment']],
    never: [],
  },
  {
    title: 'the inline line and playlists',
    tokenUrl: '/api/tokens?bootstrap',
    isStarted: true,
    roundTrips: [['page'], early, ['init.mp4', 'segment']],
    never: playlists,
  },
  {
    title: 'the inline line and first media',
    tokenUrl: '/api/tokens?bootstrap=media',
    isStarted: true,
    roundTrips: [['page'], early],
    never: playlists,
  },
];

// Counted in answers that the site holds back, so a busy machine changes nothing.
describe('round trips until the first frame', { skip: missingBrowser }, () => {
  let folder = '';
  let line = '';
  before(async () => {
    ({ folder } = await buildGatecast());
    line = readFileSync(join(folder, 'start.html'), 'utf8');
  });

  const sites: HeldSite[] = [];
  after(() => Promise.all(sites.map((site) => site.close())));

  async function startSite({ tokenUrl, isStarted = false }: Start): Promise<HeldSite> {
    const site = await startHeldSite(folder);
    sites.push(site);
    site.setPage(
      [
        '<!doctype html><html lang="en"><head><title>start</title><link rel="icon" href="data:,">',
        '<script type="module" src="/gatecast.js"></script></head><body>',
        `<secure-player src="${site.mediaOrigin}/live/demo.m3u8" token-url="${tokenUrl}" muted autoplay>`,
        `</secure-player>${isStarted ? line : ''}</body></html>`,
      ].join('\n'),
    );
    return site;
  }

  for (const start of starts) {
    const { title, roundTrips, never } = start;
    it(`are at most ${roundTrips.length} with ${title}`, async () => {
      const site = await startSite(start);
      await visitPage(site.pageOrigin, async (page) => {
        for (const names of roundTrips) {
          await site.waitFor(names);
          site.release();
        }
        await waitForPicture(page);
      });
      assert.deepEqual(
        site.arrived.filter((name) => never.includes(name)),
        [],
      );
    });
  }

  for (const start of starts) {
    it(`need no hls.js with ${start.title}, which then plays on without a break`, async () => {
      const site = await startSite(start);
      await visitPage(site.pageOrigin, async (page) => {
        for (const names of start.roundTrips) {
          await site.waitFor(names);
          site.release([library]);
        }
        await waitForPicture(page);
        const breaks = await watchBreaks(page);
        site.open();
        // Three segments of two seconds after the first one's start.
        await page.waitForFunction(() => {
          const { seekable, currentTime = 0 } =
            document.querySelector<HTMLVideoElement>('secure-player') ?? {};
          return seekable !== undefined && seekable.length > 0 && currentTime > seekable.end(0) - 3;
        });
        assert.deepEqual(await breaks(), []);
      });
    });
  }
});

/** Records what a viewer would notice as a break. Returns a function that reads it. */
async function watchBreaks(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const breaks: string[] = [];
    const player = document.querySelector<HTMLVideoElement>('secure-player');
    for (const type of ['emptied', 'loadstart', 'seeking', 'waiting', 'error'])
      player?.addEventListener(type, () => breaks.push(type));
    document.title = '';
    setInterval(() => (document.title = breaks.join()), 100);
  });
  return async () => (await page.title()).split(',').filter(Boolean);
}
