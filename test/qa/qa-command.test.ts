import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type CaseResult, caseNames } from '@gatecast/qa';
import { formatResult, formatSummary, isPassed } from '@gatecast/qa/internal/command/format-results';
import { parseQaArguments } from '@gatecast/qa/internal/command/qa-arguments';
import { type QaCommandOptions, runQaCommand } from '@gatecast/qa/internal/command/run-qa-command';
import { VERSION } from '@gatecast/qa/internal/command/version';
import { describeFailure } from '@gatecast/qa/internal/driver/describe-failure';
import { VERSION as elementVersion } from '@gatecast/element';

const page = 'https://page.example/watch';

/** Runs the command without a browser. */
async function run(
  args: readonly string[],
  options: Partial<QaCommandOptions> = {},
): Promise<{ code: number; out: string; err: string }> {
  const seen = { out: '', err: '' };
  const code = await runQaCommand(args, {
    name: 'gatecast-qa',
    out: (text) => (seen.out += text),
    note: (text) => (seen.err += text),
    findBrowser: () => undefined,
    ...options,
  });
  return { code, ...seen };
}

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

describe('the table of results', () => {
  it('shows stall, recovery and errors of a case in one line', () => {
    assert.match(formatResult(passed), /^steady +passed +0\.3 s +at once +token-endpoint-failed ×3$/);
    assert.match(formatResult(skipped), /^clock-ahead +skipped +Needs the switches\.$/);
    assert.equal(formatSummary([passed, failed, skipped]), '1 passed, 1 failed, 1 skipped');
    assert.equal(formatSummary([skipped]), '0 passed, 0 failed, 1 skipped: nothing was tested');
  });

  it('is a success only if something passed and nothing failed', () => {
    assert.equal(isPassed([passed, skipped]), true);
    assert.equal(isPassed([passed, failed]), false);
    assert.equal(isPassed([skipped]), false);
  });
});

describe('the arguments', () => {
  const schemes = ['mux', 'flussonic', 'third'].map((name) => ({ name, label: name, query: `s=${name}` }));

  it('are all cases without --case', () => {
    const { url, cases, json, task } = parseQaArguments([page]);
    assert.deepEqual([url, cases, json, task], [page, caseNames, undefined, 'run']);
    assert.ok(caseNames.length > 10);
  });

  it('name the page with or without --url, once', () => {
    assert.equal(parseQaArguments(['--url', page]).url, page);
    assert.equal(parseQaArguments(['--case', 'offline', page]).url, page);
    for (const args of [
      [page, page],
      [page, '--url', page],
    ])
      assert.throws(() => parseQaArguments(args), /there is more than one URL/);
    for (const url of ['file:///etc', 'page.example', ''])
      assert.throws(() => parseQaArguments([url]), /must begin with http:\/\/ or https:\/\//);
  });

  it('run the cases that need no source of their own with the schemes that they name', () => {
    const { schemes: chosen, cases } = parseQaArguments(
      ['--scheme', 'mux', '--scheme', 'mux', '--scheme', 'flussonic'],
      schemes,
    );
    assert.deepEqual(
      chosen.map(({ name }) => name),
      ['mux', 'flussonic'],
    );
    assert.ok(
      cases.includes('steady') && !cases.includes('rendition-403') && !cases.includes('ingest-killed'),
    );
    assert.equal(parseQaArguments(['--scheme', 'all'], schemes).schemes.length, 3);
    for (const more of [['--case', 'ingest-killed'], [page], ['--scheme', 'no']])
      assert.throws(() => parseQaArguments(['--scheme', 'mux', ...more], schemes), TypeError);
    assert.equal(
      parseQaArguments(['--scheme', 'mux', 'https://page.example/lab/'], schemes).schemes.length,
      1,
    );
  });
});

describe('the command', () => {
  it('prints help, cases and version without a page or a browser', async () => {
    for (const word of ['--help', '-h']) {
      const { code, out, err } = await run([word]);
      assert.deepEqual([code, err], [0, '']);
      assert.match(out, /^Usage: gatecast-qa <url> \[options\]\n/);
      assert.match(out, /Exit code: 0 .+ 1 .+ 2 /s);
      assert.doesNotMatch(out, /--scheme/);
    }
    const { out } = await run(['--list']);
    assert.deepEqual(
      out
        .trim()
        .split('\n')
        .map((line) => line.trim().split(' ')[0]),
      caseNames,
    );
    assert.deepEqual(await run(['--version']), { code: 0, out: `${elementVersion}\n`, err: '' });
    assert.equal(VERSION, elementVersion);
  });

  it('ends with 2 for a wrong command line, with the nearest name', async () => {
    const mistakes: readonly [args: readonly string[], message: RegExp][] = [
      [['--cse', 'offline'], /unknown option '--cse'\. Did you mean --case\?\n/],
      [[page, '-x'], /unknown option '-x'\n/],
      [[page, '--scheme', 'mux'], /unknown option '--scheme'\n/],
      [[page, '--case', 'offlien'], /there is no case 'offlien'\. Did you mean offline\?\n/],
      [[page, '--case', 'nonsense'], /there is no case 'nonsense'\n/],
      [[page, '--case'], /--case/],
      [[], /the URL of the page to test is missing: gatecast-qa https:/],
    ];
    for (const [args, message] of mistakes) {
      const { code, out, err } = await run(args);
      assert.deepEqual([code, out], [2, ''], args.join(' '));
      assert.match(err, /^gatecast-qa: /);
      assert.match(err, message);
    }
  });

  it('ends with 2 and says what to install when there is no browser', async () => {
    const { code, err } = await run([page]);
    assert.equal(code, 2);
    assert.match(
      err,
      /^gatecast-qa: no Chromium, Chrome or Edge was found\. Install one.+GATECAST_CHROMIUM.+\n$/,
    );
  });

  it('ends with 2 and one line when the browser cannot be started', async () => {
    const { code, err } = await run([page], {
      findBrowser: () => '/nowhere/chromium',
      buildProbe: async () => '',
    });
    assert.equal(code, 2);
    assert.match(err, /^gatecast-qa: The browser \/nowhere\/chromium could not be started: .+\n$/);
  });

  it('ends with 2 before the run when the file for the results cannot be written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatecast-qa-'));
    const { code, err } = await run([page, '--json', folder], { findBrowser: () => '/nowhere/chromium' });
    rmSync(folder, { recursive: true });
    assert.equal(code, 2);
    assert.match(err, /^gatecast-qa: --json .+ cannot be written \(EISDIR\)\n$/);
  });

  it('closes the page that it started itself, also after a failure', async () => {
    let closed = 0;
    const { code, out } = await run([], {
      findBrowser: () => '/nowhere/chromium',
      buildProbe: async () => '',
      startPage: async () => ({
        url: 'http://localhost/lab/?token=not-for-output',
        close: async () => {
          closed += 1;
        },
      }),
    });
    assert.deepEqual([code, closed], [2, 1]);
    assert.match(out, /^\d+ cases on http:\/\/localhost\/lab\/\n/);
  });
});

describe('a failure of the driver', () => {
  it('is one line, and of an address only the host is left', () => {
    const { message } = new Error(
      'page.goto: net::ERR_CONNECTION_REFUSED at http://user:word@host.example/a?token=abc\nCall log:\n  - waiting',
    );
    assert.equal(describeFailure(new Error(message)), 'net::ERR_CONNECTION_REFUSED');
    assert.equal(
      describeFailure(
        new Error('page.evaluate: Cannot load https://user:word@host.example:8443/token/abc?x=y now\n at x'),
      ),
      'Cannot load host.example:8443 now',
    );
    assert.equal(
      describeFailure(new Error('browserType.launch: Closed\n[pid=1][err] chromium: cannot open libnss3.so')),
      'chromium: cannot open libnss3.so',
    );
  });
});
