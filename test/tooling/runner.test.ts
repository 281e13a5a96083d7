import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import type { TestResult as SessionTest, TestSession } from '@web/test-runner-core';
import { parseRunArguments } from '../support/runner/arguments.js';
import type { RunArguments } from '../support/runner/arguments.js';
import { runInBrowsers } from '../support/runner/browser-tests.js';
import { judgeProcess } from '../support/runner/node-tests.js';
import { judgeSecondRun, runFailedFilesAgain } from '../support/runner/run-again.js';
import { runNode } from '../support/runner/run-command.js';
import { readSession } from '../support/runner/session-results.js';
import { isPure } from '../support/runner/share-processes.js';
import { shareOut, slowFilesOn } from '../support/runner/share-out.js';
import {
  addTallies,
  emptyTally,
  failedOnce,
  isSuccess,
  summary,
  tallyFile,
} from '../support/runner/tally.js';
import { findTestFiles } from '../support/runner/test-files.js';
import { parseResults, readResults } from '../support/runner/test-results.js';
import type { FileResults, Outcome, ResultLine } from '../support/runner/test-results.js';

const file = 'test/a.test.ts';

const results = (
  tests: Readonly<Record<string, Outcome>>,
  problems: readonly string[] = [],
): FileResults => ({
  file,
  tests: Object.entries(tests).map(([test, outcome]) => ({ test, outcome })),
  problems,
});

const text = (...lines: readonly ResultLine[]): string =>
  lines.map((line) => JSON.stringify(line)).join('\n');

describe('the summary of a test run', () => {
  it('ends with the passed and failed counts, and the skipped count if it is not 0', () => {
    assert.equal(summary({ ...emptyTally, passed: 3 }), '3 passed, 0 failed');
    assert.equal(summary({ ...emptyTally, passed: 3, skipped: 2 }), '3 passed, 0 failed, 2 skipped');
  });

  it('lists failed and flaky tests, and the number of flaky ones, before its last line', () => {
    const lines = summary({ ...emptyTally, passed: 3, failed: 1, failures: ['a'], flaky: ['b', 'c'] }).split(
      '\n',
    );
    assert.ok(lines.includes('  ✗ a'));
    assert.ok(lines.includes('Flaky: b') && lines.includes('Flaky: c'));
    assert.ok(lines.some((line) => line.startsWith('Flaky: 2 tests ')));
    assert.equal(lines.at(-1), '3 passed, 1 failed');
  });

  it('is not a success when nothing ran', () => {
    assert.equal(isSuccess(emptyTally), false);
    assert.equal(isSuccess({ ...emptyTally, skipped: 4 }), false);
  });

  it('is not a success when one test failed', () => {
    assert.equal(isSuccess(addTallies([{ ...emptyTally, passed: 9 }, failedOnce('x')])), false);
  });
});

describe('the results of an interrupted run', () => {
  it('include every test that ended, and the one that was running', () => {
    const written = text(
      { type: 'test-started', file, test: 'one' },
      { type: 'test-ended', file, test: 'one', outcome: 'passed' },
      { type: 'test-started', file, test: 'two' },
    );
    const { files, unfinished } = parseResults(`${written}\n{"type":"test-en`);
    assert.deepEqual(files, [results({ one: 'passed' })]);
    assert.deepEqual(unfinished, { file, test: 'two' });
  });

  it('have one failure for the file that did not finish, and one for each that did not run', () => {
    const soFar = parseResults(
      text(
        { type: 'test-ended', file, test: 'one', outcome: 'passed' },
        { type: 'test-started', file, test: 'two' },
      ),
    );
    const judged = judgeProcess([file, 'test/b.test.ts'], soFar, {
      exitCode: 1,
      endedFor: 'it took too long',
    });
    const tally = addTallies(judged.map(tallyFile));
    assert.deepEqual([tally.passed, tally.failed], [1, 2]);
    assert.match(tally.failures[0] ?? '', /a\.test\.ts: did not finish: .*it took too long.*“two”/);
    assert.match(tally.failures[1] ?? '', /b\.test\.ts: did not run/);
  });

  it('are a failure when the process ended with an error outside any test', () => {
    const soFar = parseResults(text({ type: 'test-ended', file, test: 'one', outcome: 'passed' }));
    const judge = (exitCode: number): number =>
      addTallies(judgeProcess([file], soFar, { exitCode, endedFor: undefined }).map(tallyFile)).failed;
    assert.deepEqual([judge(0), judge(1)], [0, 1]);
  });

  it('are a failure when a file has no tests', () => {
    const [judged] = judgeProcess([file], parseResults(''), { exitCode: 0, endedFor: undefined });
    assert.deepEqual(judged?.problems, ['it holds no test']);
  });
});

describe('the reporter for node:test', () => {
  it('writes each result at once, so that results survive a crash', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatecast-reporter-'));
    try {
      const entry = join(folder, 'crash.test.mjs');
      const code = `import { before, describe, it } from 'node:test';
        const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
        describe('outer', () => {
          it('passes', pause);
          it('waits', { skip: true });
          describe('inner', () => { it('fails', async () => { await pause(); throw new Error('x'); }); });
        });
        describe('broken', () => { before(() => { throw new Error('x'); }); it('is cancelled', pause); });
        it('pauses', pause);
        it('crashes', async () => { await pause(); process.kill(process.pid, 'SIGKILL'); });
        it('never runs', pause);`;
      writeFileSync(entry, code);
      const path = join(folder, 'results.jsonl');
      const reporter = resolve('test/support/runner/node-results-reporter.js');
      const args = [`--test-reporter=${reporter}`, '--test-reporter-destination=stderr', entry];
      const { signal } = spawnSync(process.execPath, args, {
        env: { ...process.env, NODE_OPTIONS: '', GATECAST_TEST_RESULTS: path },
      });
      assert.equal(signal, 'SIGKILL');
      const { files, unfinished } = readResults(path);
      assert.deepEqual(
        files.flatMap(({ tests }) => tests.map(({ test, outcome }) => `${test}: ${outcome}`)),
        [
          'outer › passes: passed',
          'outer › waits: skipped',
          'outer › inner › fails: failed',
          'broken › is cancelled: failed',
          'broken: failed',
          'pauses: passed',
        ],
      );
      assert.equal(unfinished?.test, 'crashes');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a second run of a file that failed', () => {
  it('marks a test that passes in it as flaky', () => {
    const tally = judgeSecondRun(
      results({ a: 'failed', b: 'passed' }),
      results({ a: 'passed', b: 'passed' }),
    );
    assert.deepEqual([tally.passed, tally.failed], [2, 0]);
    assert.deepEqual(tally.flaky, [`${file} › a`]);
  });

  it('counts a test that fails in it as failed', () => {
    const tally = judgeSecondRun(
      results({ a: 'failed', b: 'failed' }),
      results({ a: 'failed', b: 'passed' }),
    );
    assert.deepEqual(tally.failures, [`${file} › a`]);
    assert.deepEqual(tally.flaky, [`${file} › b`]);
  });

  it('counts a test as failed that passed in the first run and fails in the second', () => {
    const tally = judgeSecondRun(
      results({ a: 'failed', b: 'passed' }),
      results({ a: 'passed', b: 'failed' }),
    );
    assert.deepEqual(tally.failures, [`${file} › b`]);
  });

  it('counts a failed test as failed when the second run skips or does not reach it', () => {
    const first = results({ a: 'failed', b: 'failed', c: 'failed' });
    const tally = judgeSecondRun(first, results({ a: 'passed', c: 'skipped' }));
    assert.deepEqual(tally.failures, [`${file} › b`, `${file} › c`]);
  });

  it('marks a file as flaky that did not finish in the first run and passes in the second', () => {
    const tally = judgeSecondRun(results({}, ['did not finish']), results({ a: 'passed' }));
    assert.equal(tally.failed, 0);
    assert.deepEqual(tally.flaky, [`${file}: did not finish`]);
  });

  it('counts a file that does not finish in either run once', () => {
    const tally = judgeSecondRun(
      results({ a: 'passed' }, ['did not finish']),
      results({ a: 'passed' }, ['did not finish']),
    );
    assert.deepEqual([tally.passed, tally.failed, tally.flaky.length], [1, 1, 0]);
  });
});

describe('runFailedFilesAgain', () => {
  const failing = { ...results({ a: 'failed' }), file: 'test/failing.test.ts' };
  const good = { ...results({ a: 'passed' }), file: 'test/good.test.ts' };
  const again: string[] = [];
  const batch = (label: string | undefined, files: readonly FileResults[]) => ({
    label,
    files,
    runAlone: (path: string): Promise<FileResults> => {
      again.push(path);
      return Promise.resolve({ ...results({ a: 'passed' }), file: path });
    },
  });

  it('runs only the failed files, and names the engine', async () => {
    again.length = 0;
    const tally = await runFailedFilesAgain([batch(undefined, [good]), batch('Firefox', [good, failing])]);
    assert.deepEqual(again, ['test/failing.test.ts']);
    assert.deepEqual([tally.passed, tally.failed], [3, 0]);
    assert.deepEqual(tally.flaky, ['[Firefox] test/failing.test.ts › a']);
  });

  it('runs nothing again after too many failures or an aborted run', async () => {
    again.length = 0;
    const many = await runFailedFilesAgain([batch(undefined, [failing, failing])], { mostFiles: 1 });
    const ended = await runFailedFilesAgain([batch(undefined, [failing])], { signal: AbortSignal.abort() });
    assert.deepEqual([many.failed, ended.failed, again.length], [2, 1, 0]);
  });

  it('counts a failed file by its first run when the second runs have taken too long', async () => {
    again.length = 0;
    const now = (): number => again.length * 100;
    const failed = ['a', 'b', 'c'].map((path) => ({ ...failing, file: path }));
    const tally = await runFailedFilesAgain([batch('Firefox', failed)], { latestMs: 200, now });
    assert.deepEqual(again, ['a', 'b']);
    assert.deepEqual([tally.passed, tally.failed, tally.failures], [2, 1, ['[Firefox] c › a']]);
  });
});

describe('runInBrowsers', () => {
  const passed = (path: string): FileResults => ({ ...results({ a: 'passed' }), file: path });
  const summarise = (all: readonly FileResults[]): string[] =>
    all.map((one) => `${one.file} ${tallyFile(one).failed === 0 ? 'passed' : 'failed'}`);

  it('runs the remaining files in a new browser after a crash', async () => {
    const asked: string[][] = [];
    const all = await runInBrowsers(['a', 'b', 'c'], (files) => {
      asked.push([...files]);
      const ran = files.includes('b')
        ? [passed('a'), { ...passed('b'), problems: ['did not finish'] }]
        : files.map(passed);
      return Promise.resolve({ results: ran, how: 'it crashed' });
    });
    assert.deepEqual(asked, [['a', 'b', 'c'], ['c']]);
    assert.deepEqual(summarise(all), ['a passed', 'b failed', 'c passed']);
  });

  it('starts a browser at most twice, then reports each file that did not run', async () => {
    let starts = 0;
    const all = await runInBrowsers(['a', 'b'], () => {
      starts += 1;
      return Promise.resolve({ results: [], how: 'no display' });
    });
    assert.equal(starts, 2);
    assert.deepEqual(
      all.map(({ problems }) => problems),
      [['did not run: no display'], ['did not run: no display']],
    );
  });
});

describe('shareOut', () => {
  it('balances the runs for any order of the files', () => {
    const seconds = { 'a.ts': 30, 'b.ts': 60, 'c.ts': 20 };
    assert.deepEqual(shareOut(['a.ts', 'b.ts', 'c.ts', 'd.ts'], 2, seconds), [
      ['b.ts'],
      ['a.ts', 'c.ts', 'd.ts'],
    ]);
  });

  it('returns empty runs when there are fewer files than runs', () => {
    assert.deepEqual(shareOut(['a.ts'], 3, {}), [['a.ts'], [], []]);
  });

  it('lists only files that exist', () => {
    for (const path of Object.keys(slowFilesOn('chromium'))) assert.ok(existsSync(path), path);
  });
});

describe('the test files of a run', () => {
  it('include slow files only on request', () => {
    const count = (withCiFiles: boolean, ...filters: string[]): number => {
      const { node, browser } = findTestFiles({ filters, withCiFiles });
      return [...node, ...browser].filter((path) => path.includes('.ci.')).length;
    };
    assert.equal(count(false), 0);
    assert.ok(count(true) > 0);
    assert.equal(count(true, 'no-such-file'), 0);
  });

  it('that share a process start no programs and have no hooks for the tests of other files', () => {
    const impure =
      /^(?:before|beforeEach|after|afterEach)\(|node:child_process|playwright|open-browser|demo-server\.js|whep-world\.js/m;
    const { node } = findTestFiles({ filters: [], withCiFiles: true });
    assert.ok(node.some(isPure));
    for (const path of node.filter(isPure)) assert.doesNotMatch(readFileSync(path, 'utf8'), impure, path);
  });
});

describe('the output of a command', () => {
  it('comes line by line, without blank lines, colours and cursor movements', async () => {
    const code = String.raw`process.stdout.write('\x1b[2K\x1b[1A\x1b[G  \x1b[1mone\x1b[22m\n\n'); console.error('two');`;
    const lines: string[] = [];
    const { exitCode } = await runNode(['--eval', code], { onLine: (line) => lines.push(line) });
    assert.equal(exitCode, 0);
    assert.deepEqual(lines.sort(), ['  one', 'two']);
  });
});

describe('the results of a browser session', () => {
  const passed = { name: 'works', passed: true, skipped: false };
  const skipped = { name: 'waits', passed: false, skipped: true };
  const failed = { name: 'breaks', passed: false, skipped: false };
  type Session = Pick<TestSession, 'testFile' | 'testResults' | 'passed' | 'errors'>;

  const session = (tests: SessionTest[], rest: Partial<Session> = {}): Session => ({
    testFile: 'test/a.browser.test.ts',
    passed: true,
    errors: [],
    testResults: { name: '', tests: [], suites: [{ name: 'a thing', suites: [], tests }] },
    ...rest,
  });

  it('include the tests of nested suites', () => {
    const tally = tallyFile(readSession(session([passed, passed, skipped])));
    assert.deepEqual([tally.passed, tally.failed, tally.skipped], [2, 0, 1]);
  });

  it('name a failed test with its suites', () => {
    const tally = tallyFile(readSession(session([passed, failed], { passed: false })));
    assert.deepEqual(tally.failures, ['test/a.browser.test.ts › a thing › breaks']);
  });

  it('are a failure when the page fails outside its tests', () => {
    const tally = tallyFile(readSession(session([passed], { errors: [{ message: 'could not be loaded' }] })));
    assert.equal(tally.failed, 1);
    assert.match(tally.failures[0] ?? '', /could not be loaded/);
  });

  it('are a failure when the file has no tests', () => {
    assert.equal(tallyFile(readSession(session([]))).failed, 1);
    const { testResults: _, ...broken } = session([], { passed: false });
    assert.equal(tallyFile(readSession(broken)).failed, 1);
  });
});

describe('the command line of npm test', () => {
  function read(args: readonly string[], env: NodeJS.ProcessEnv = {}): RunArguments {
    const parsed = parseRunArguments(args, env);
    assert.ok(parsed !== 'help');
    return parsed;
  }

  it('runs the fast files on Chromium by default', () => {
    assert.deepEqual(read([]), {
      engines: ['chromium'],
      steps: ['lint', 'node', 'browser'],
      filters: [],
      withCiFiles: false,
    });
  });

  it('runs all files with --all, on all engines or on the named ones', () => {
    const { engines, withCiFiles } = read(['--all']);
    assert.deepEqual(engines, ['chromium', 'firefox', 'webkit']);
    assert.equal(withCiFiles, true);
    assert.deepEqual(read(['--all', '--engine=firefox']).engines, ['firefox']);
  });

  it('reads the engines from the option or the environment', () => {
    assert.deepEqual(read(['--engine=firefox,webkit']).engines, ['firefox', 'webkit']);
    assert.deepEqual(read([], { ENGINE: 'all' }).engines, ['chromium', 'firefox', 'webkit']);
  });

  it('skips the static checks and includes slow files when files are named', () => {
    const { steps, withCiFiles } = read(['token/clock']);
    assert.deepEqual(steps, ['node', 'browser']);
    assert.equal(withCiFiles, true);
  });

  it('prints its usage on request', () => {
    assert.equal(parseRunArguments(['--help'], {}), 'help');
  });

  it('refuses unknown options and values', () => {
    assert.throws(() => parseRunArguments(['--engine=opera'], {}), TypeError);
    assert.throws(() => parseRunArguments(['--only=luck'], {}), TypeError);
    assert.throws(() => parseRunArguments(['--fast'], {}), TypeError);
  });
});
