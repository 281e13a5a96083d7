import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CaseResult, QaError, runCases } from '@gatecast/qa';
import { buildProbe } from '../../.config/bundle/build-probe.js';
import { type DemoServer, startDemoServer } from '../../demo/server/demo-server.js';
import { findSchemePreset } from '../../demo/shared/settings/scheme-presets.js';
import { findEngine } from '../support/runner/find-engines.js';

const found = findEngine('chromium');

describe('the cases on pages of the demo', { skip: found ? false : 'no Chromium on this machine' }, () => {
  let server: DemoServer;
  let probe: string;

  before(async () => {
    server = await startDemoServer({ port: 0, tokenTtlSeconds: 30 });
    await server.buildScriptTag();
    probe = await buildProbe();
  });
  after(() => server.close());

  const run = (path: string, name: string, origin = server.origin, query?: string): Promise<CaseResult[]> =>
    runCases({
      ...(query !== undefined && { query }),
      url: `${origin}${path}`,
      cases: [name],
      executable: found?.executable ?? '',
      probe,
    });

  it('passes a case on the lab with the backend’s faults', async () => {
    const results = await run('/lab/', 'expire-now');
    assert.deepEqual(
      results.map(({ name, outcome }) => [name, outcome]),
      [['expire-now', 'passed']],
      results[0]?.words,
    );
    assert.ok(!JSON.stringify(results).includes('eyJ'), 'no token is in the results');
  });

  it('ends the access on the lab, sees the player stop within 2 s, allows it, and sees it go on', async () => {
    const [result] = await run('/lab/', 'revoked');
    assert.equal(result?.outcome, 'passed', result?.words);
  });

  // Fields on each request, and addresses that the origin signs, which the token response names.
  for (const scheme of ['cloudfront', 'akamai-short-to-long'])
    it(`passes a case with the scheme ${scheme}`, async () => {
      const results = await run('/lab/', 'refuse-media', server.origin, findSchemePreset(scheme));
      const counts = (await (await fetch(`${server.origin}/api/schemes/counts`)).json()) as {
        counts: { scheme: string; refused: Record<string, number> }[];
      };
      assert.deepEqual(
        results.map(({ name, outcome }) => [name, outcome]),
        [['refuse-media', 'passed']],
        results[0]?.words,
      );
      assert.ok(counts.counts.some((count) => count.scheme === scheme));
    });

  it('does not begin with a page that is missing', async () => {
    await assert.rejects(run('/lab/?token=not-for-messages', 'steady', 'http://127.0.0.1:1'), (error) => {
      assert.ok(error instanceof QaError);
      assert.equal(error.reason, 'page');
      assert.match(error.message, /^The page on 127\.0\.0\.1:1 could not be opened: net::ERR_\w+$/);
      return true;
    });
    await assert.rejects(
      run('/nowhere/', 'steady'),
      /^QaError: The page on localhost:\d+ returned status 404\.$/,
    );
  });

  it('skips cases that need fault switches where a deployment has none', async () => {
    const page = new URLSearchParams({
      src: `${server.origin}/live/demo.m3u8`,
      'token-url': `${server.origin}/api/tokens`,
    });
    // The page has another origin, so that it cannot reach the demo's fault switches.
    const origin = server.origin.replace('localhost', '127.0.0.1');
    const [result] = await run(`/player/?${page.toString()}`, 'clock-ahead', origin);
    assert.equal(result?.outcome, 'skipped', result?.words);
  });
});
