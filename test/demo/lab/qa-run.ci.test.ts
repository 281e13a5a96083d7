import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CaseResult } from '../../../demo/lab/cases/run-case.js';
import { type DemoServer, startDemoServer } from '../../../demo/server/demo-server.js';
import { formatResult, formatSummary, isPassed } from '../../qa/format-results.js';
import { parseQaArguments } from '../../qa/qa-arguments.js';
import { runCases } from '../../qa/run-cases.js';
import { findEngine } from '../../support/runner/find-engines.js';

const found = findEngine('chromium');

const passed: CaseResult = {
  name: 'steady',
  outcome: 'passed',
  words: '',
  verdict: {
    outcome: 'passed',
    stallCount: 1,
    stalledMs: 300,
    recoveredAfterMs: 0,
    renewalCount: 2,
    errors: [{ code: 'token-endpoint-failed', count: 3, isFatal: false }],
    complaints: [],
  },
};
const failed: CaseResult = { name: 'offline', outcome: 'failed', words: 'Nothing played to begin with.' };
const skipped: CaseResult = { name: 'clock-ahead', outcome: 'skipped', words: 'Needs the switches.' };

describe('the table of npm run qa', () => {
  it('shows stall, recovery and errors of a case in one line', () => {
    assert.match(formatResult(passed), /^steady +passed +0\.3 s +at once +token-endpoint-failed ×3$/);
    assert.match(formatResult(skipped), /^clock-ahead +skipped +Needs the switches\.$/);
    assert.equal(formatSummary([passed, failed, skipped]), '1 passed, 1 failed, 1 skipped');
  });

  it('is a success only if something passed and nothing failed', () => {
    assert.equal(isPassed([passed, skipped]), true);
    assert.equal(isPassed([passed, failed]), false);
    assert.equal(isPassed([skipped]), false);
  });
});

describe('the command line of npm run qa', () => {
  it('runs all cases on the demo’s own lab by default', () => {
    const { url, cases, json } = parseQaArguments([]);
    assert.deepEqual([url, json], [undefined, undefined]);
    assert.ok(cases.includes('steady') && cases.length > 10);
  });

  it('accepts --help and -h', () => {
    for (const word of ['--help', '-h']) assert.equal(parseQaArguments([word]).isHelp, true, word);
    assert.equal(parseQaArguments([]).isHelp, false);
  });

  it('runs with the schemes that it names the cases that need no source of their own', () => {
    assert.deepEqual(parseQaArguments([]).schemes, []);
    const { schemes, cases } = parseQaArguments([
      '--scheme',
      'mux',
      '--scheme',
      'mux',
      '--scheme',
      'flussonic',
    ]);
    assert.deepEqual(schemes, ['mux', 'flussonic']);
    assert.ok(
      cases.includes('steady') && !cases.includes('rendition-403') && !cases.includes('ingest-killed'),
    );
    assert.ok(parseQaArguments(['--scheme', 'all']).schemes.length > 10);
    for (const more of [
      ['--case', 'ingest-killed'],
      ['--url', 'https://page.example/watch'],
      ['--scheme', 'no'],
    ])
      assert.throws(() => parseQaArguments(['--scheme', 'mux', ...more]), TypeError);
    assert.equal(
      parseQaArguments(['--scheme', 'mux', '--url', 'https://page.example/lab/']).schemes.length,
      1,
    );
  });

  it('refuses unknown cases, URLs and options', () => {
    assert.throws(() => parseQaArguments(['--case', 'nonsense']), TypeError);
    assert.throws(() => parseQaArguments(['--url', 'file:///etc']), TypeError);
    assert.throws(() => parseQaArguments(['--speed', '2']), TypeError);
  });
});

describe('npm run qa', { skip: found ? false : 'no Chromium on this machine' }, () => {
  let server: DemoServer;

  before(async () => {
    server = await startDemoServer({ port: 0, tokenTtlSeconds: 30 });
    await server.buildScriptTag();
  });
  after(() => server.close());

  const run = (path: string, name: string, origin = server.origin, scheme?: string): Promise<CaseResult[]> =>
    runCases({
      ...(scheme !== undefined && { scheme }),
      url: `${origin}${path}`,
      isLab: path === '/lab/',
      cases: [name],
      executable: found?.executable ?? '',
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

  // Fields on each request, and addresses that the origin signs, which the token response names.
  for (const scheme of ['cloudfront', 'akamai-short-to-long'])
    it(`passes a case with the scheme ${scheme}`, async () => {
      const results = await run('/lab/', 'refuse-media', server.origin, scheme);
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

  it('reports a missing page and fails', async () => {
    const [result] = await run('/lab/', 'steady', 'http://127.0.0.1:1');
    assert.equal(result?.outcome, 'failed');
    assert.match(result.words, /^The page could not be opened: net::ERR_\w+/);
  });

  it('refuses the same media requests on a page of another origin', async () => {
    const page = new URLSearchParams({
      src: `${server.origin}/live/demo.m3u8`,
      'token-url': `${server.origin}/api/tokens`,
    });
    const origin = server.origin.replace('localhost', '127.0.0.1');
    const [result] = await run(`/player/?${page.toString()}`, 'refuse-media', origin);
    assert.equal(result?.outcome, 'passed', result?.words);
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
