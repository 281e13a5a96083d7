import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { findEngine } from '../support/runner/find-engines.js';
import { InterruptedBrowser } from './interruptions/interrupted-browser.js';
import { serveProtectedPage, type ProtectedPage } from './interruptions/protected-page.js';

const found = findEngine('chromium');
/** Tokens end well within each interruption. */
const tokenTtlSeconds = 10;
const interruptionMs = 14_000;
/** Segments of two seconds, three of them behind the edge, and what the way back took. */
const mostBehindS = 14;

describe('<secure-player> recovers by itself', { concurrency: 6, skip: !found && 'no Chromium' }, () => {
  // Built once, before the sites of the tests.
  before(buildGatecast);

  /** Each test has a site of its own, so that it sees its own refusals only. */
  async function interrupt(
    interruption: (browser: InterruptedBrowser, site: ProtectedPage) => Promise<void>,
  ): Promise<number> {
    const site = await serveProtectedPage({ tokenTtlSeconds });
    const browser = await InterruptedBrowser.open(found?.executable ?? '', site.address);
    try {
      // A request that is under way would arrive after the interruption, with its old token.
      await browser.page.waitForNetworkIdle({ idleTime: 200 });
      await interruption(browser, site);
      const backMs = Date.now();
      const tookMs = await browser.untilPlayed(1);
      await browser.untilLive(mostBehindS);
      await browser.untilPlayed(1);
      const { errors, tokenStates, isPaused } = await browser.read();
      assert.equal(errors, 0, 'errors on the way');
      assert.deepEqual(tokenStates, ['fresh']);
      assert.equal(isPaused, false);
      assert.deepEqual(await site.refusals(backMs), [], 'requests with a token that had ended');
      return tookMs;
    } finally {
      await browser.close();
      await site.close();
    }
  }

  it('after device sleep, during which no timer fires', async (t) => {
    const tookMs = await interrupt((browser) => browser.sleep(interruptionMs));
    t.diagnostic(`a second had played ${tookMs.toFixed(0)} ms after the return`);
  });

  it('after the browser has frozen the page', async (t) => {
    const tookMs = await interrupt((browser) => browser.freeze(interruptionMs));
    t.diagnostic(`a second had played ${tookMs.toFixed(0)} ms after the return`);
  });

  it('after a throttled background tab', async (t) => {
    const tookMs = await interrupt(async (browser) => {
      assert.ok(await browser.hide(interruptionMs), 'the page was hidden');
    });
    t.diagnostic(`a second had played ${tookMs.toFixed(0)} ms after the return`);
  });

  it('after the page returns from the back/forward cache', async (t) => {
    const tookMs = await interrupt(async (browser, site) => {
      assert.ok(await browser.leaveAndReturn(site.elsewhere, interruptionMs), 'the page was kept');
    });
    t.diagnostic(`a second had played ${tookMs.toFixed(0)} ms after the return`);
  });

  it('after a network outage', async (t) => {
    const tookMs = await interrupt((browser) => browser.goOffline(interruptionMs));
    t.diagnostic(`a second had played ${tookMs.toFixed(0)} ms after the return`);
  });

  it('after a pause longer than the live window', async (t) => {
    const tookMs = await interrupt(async (browser) => {
      await browser.page.evaluate(() => document.querySelector('secure-player')?.pause());
      await new Promise((resolve) => setTimeout(resolve, 30_000));
      await browser.page.evaluate(() => document.querySelector('secure-player')?.play());
    });
    t.diagnostic(`a second had played ${tookMs.toFixed(0)} ms after the return`);
  });
});
