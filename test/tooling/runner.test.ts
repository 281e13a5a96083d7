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
import { readSession } from '../support/runner/session-results.js';
import { isPure } from '../support/runner/share-processes.js';
import { shareOut, slowFileSeconds } from '../support/runner/share-out.js';
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
  it('ends with passed and failed, and skipped only where there are some', () => {
    assert.equal(summary({ ...emptyTally, passed: 3 }), '3 passed, 0 failed');
    assert.equal(summary({ ...emptyTally, passed: 3, skipped: 2 }), '3 passed, 0 failed, 2 skipped');
  });

  it('names what failed and what was flaky, and counts the flaky ones, before its last line', () => {
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

  it('is not a success when one of many failed', () => {
    assert.equal(isSuccess(addTallies([{ ...emptyTally, passed: 9 }, failedOnce('x')])), false);
  });
});

describe('the results of a run that was cut short', () => {
  it('count every test that ended, and know what ran last', () => {
    const written = text(
      { type: 'test-started', file, test: 'one' },
      { type: 'test-ended', file, test: 'one', outcome: 'passed' },
      { type: 'test-started', file, test: 'two' },
    );
    const { files, unfinished } = parseResults(`${written}\n{"type":"test-en`);
    assert.deepEqual(files, [results({ one: 'passed' })]);
    assert.deepEqual(unfinished, { file, test: 'two' });
  });

  it('are one failure for the file that did not finish, and one for each that did not run', () => {
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

  it('are a failure when the process ended with an error that no test stands for', () => {
    const soFar = parseResults(text({ type: 'test-ended', file, test: 'one', outcome: 'passed' }));
    const judge = (exitCode: number): number =>
      addTallies(judgeProcess([file], soFar, { exitCode, endedFor: undefined }).map(tallyFile)).failed;
    assert.deepEqual([judge(0), judge(1)], [0, 1]);
  });

  it('are a failure when a file holds no test', () => {
    const [judged] = judgeProcess([file], parseResults(''), { exitCode: 0, endedFor: undefined });
    assert.deepEqual(judged?.problems, ['it holds no test']);
  });
});

describe('the reporter for node:test', () => {
  it('writes each result at once, so that a process that crashes has counted what ran', () => {
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
  it('makes a test flaky that passes in it', () => {
    const tally = judgeSecondRun(
      results({ a: 'failed', b: 'passed' }),
      results({ a: 'passed', b: 'passed' }),
    );
    assert.deepEqual([tally.passed, tally.failed], [2, 0]);
    assert.deepEqual(tally.flaky, [`${file} › a`]);
  });

  it('makes a test a failure that fails in it', () => {
    const tally = judgeSecondRun(
      results({ a: 'failed', b: 'failed' }),
      results({ a: 'failed', b: 'passed' }),
    );
    assert.deepEqual(tally.failures, [`${file} › a`]);
    assert.deepEqual(tally.flaky, [`${file} › b`]);
  });

  it('hides no failure of a test that had passed before', () => {
    const tally = judgeSecondRun(
      results({ a: 'failed', b: 'passed' }),
      results({ a: 'passed', b: 'failed' }),
    );
    assert.deepEqual(tally.failures, [`${file} › b`]);
  });

  it('does not excuse a test that it did not reach, or skipped', () => {
    const first = results({ a: 'failed', b: 'failed', c: 'failed' });
    const tally = judgeSecondRun(first, results({ a: 'passed', c: 'skipped' }));
    assert.deepEqual(tally.failures, [`${file} › b`, `${file} › c`]);
  });

  it('makes a file flaky that did not finish before and has no failure now', () => {
    const tally = judgeSecondRun(results({}, ['did not finish']), results({ a: 'passed' }));
    assert.equal(tally.failed, 0);
    assert.deepEqual(tally.flaky, [`${file}: did not finish`]);
  });

  it('counts a file once that does not finish twice', () => {
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

  it('runs only what failed, and names the engine', async () => {
    again.length = 0;
    const tally = await runFailedFilesAgain([batch(undefined, [good]), batch('Firefox', [good, failing])]);
    assert.deepEqual(again, ['test/failing.test.ts']);
    assert.deepEqual([tally.passed, tally.failed], [3, 0]);
    assert.deepEqual(tally.flaky, ['[Firefox] test/failing.test.ts › a']);
  });

  it('runs nothing again when too many failed, or when the run was ended', async () => {
    again.length = 0;
    const many = await runFailedFilesAgain([batch(undefined, [failing, failing])], { mostFiles: 1 });
    const ended = await runFailedFilesAgain([batch(undefined, [failing])], { signal: AbortSignal.abort() });
    assert.deepEqual([many.failed, ended.failed, again.length], [2, 1, 0]);
  });
});

describe('runInBrowsers', () => {
  const passed = (path: string): FileResults => ({ ...results({ a: 'passed' }), file: path });
  const summarise = (all: readonly FileResults[]): string[] =>
    all.map((one) => `${one.file} ${tallyFile(one).failed === 0 ? 'passed' : 'failed'}`);

  it('leaves the files after one that crashes the browser to another browser', async () => {
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

  it('starts a browser twice, and then names each file that did not run', async () => {
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
  it('gives each run about as much to do, whatever the order of the files', () => {
    const seconds = { 'a.ts': 30, 'b.ts': 60, 'c.ts': 20 };
    assert.deepEqual(shareOut(['a.ts', 'b.ts', 'c.ts', 'd.ts'], 2, seconds), [
      ['b.ts'],
      ['a.ts', 'c.ts', 'd.ts'],
    ]);
  });

  it('leaves runs empty that there is nothing for', () => {
    assert.deepEqual(shareOut(['a.ts'], 3, {}), [['a.ts'], [], []]);
  });

  it('knows no file that does not exist', () => {
    for (const path of Object.keys(slowFileSeconds)) assert.ok(existsSync(path), path);
  });
});

describe('the test files of a run', () => {
  it('leave the slow ones to CI, unless they are asked for', () => {
    const count = (withCiFiles: boolean, ...filters: string[]): number => {
      const { node, browser } = findTestFiles({ filters, withCiFiles });
      return [...node, ...browser].filter((path) => path.includes('.ci.')).length;
    };
    assert.equal(count(false), 0);
    assert.ok(count(true) > 0);
    assert.equal(count(true, 'no-such-file'), 0);
  });

  it('that share a process start nothing, and have no hooks that would hold for the others', () => {
    const impure =
      /^(?:before|after)(?:Each)?\(|node:(?:child_process|http)|playwright|puppeteer|support\/backend/m;
    const { node } = findTestFiles({ filters: [], withCiFiles: true });
    assert.ok(node.some(isPure));
    for (const path of node.filter(isPure)) assert.doesNotMatch(readFileSync(path, 'utf8'), impure, path);
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

  it('have the tests in suites of suites', () => {
    const tally = tallyFile(readSession(session([passed, passed, skipped])));
    assert.deepEqual([tally.passed, tally.failed, tally.skipped], [2, 0, 1]);
  });

  it('name a failed test with its suites', () => {
    const tally = tallyFile(readSession(session([passed, failed], { passed: false })));
    assert.deepEqual(tally.failures, ['test/a.browser.test.ts › a thing › breaks']);
  });

  it('are a failure when the page broke outside its tests', () => {
    const tally = tallyFile(readSession(session([passed], { errors: [{ message: 'could not be loaded' }] })));
    assert.equal(tally.failed, 1);
    assert.match(tally.failures[0] ?? '', /could not be loaded/);
  });

  it('are a failure when the file holds no test', () => {
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

  it('runs the quick files on Chromium when nothing is asked for', () => {
    assert.deepEqual(read([]), {
      engines: ['chromium'],
      steps: ['lint', 'node', 'browser'],
      filters: [],
      withCiFiles: false,
    });
  });

  it('runs all files on all engines with --all, or on those that are named', () => {
    const { engines, withCiFiles } = read(['--all']);
    assert.deepEqual(engines, ['chromium', 'firefox', 'webkit']);
    assert.equal(withCiFiles, true);
    assert.deepEqual(read(['--all', '--engine=firefox']).engines, ['firefox']);
  });

  it('takes engines by option or environment', () => {
    assert.deepEqual(read(['--engine=firefox,webkit']).engines, ['firefox', 'webkit']);
    assert.deepEqual(read([], { ENGINE: 'all' }).engines, ['chromium', 'firefox', 'webkit']);
  });

  it('leaves the static checks out when files are named, and the slow files in', () => {
    const { steps, withCiFiles } = read(['token/clock']);
    assert.deepEqual(steps, ['node', 'browser']);
    assert.equal(withCiFiles, true);
  });

  it('prints its usage when asked', () => {
    assert.equal(parseRunArguments(['--help'], {}), 'help');
  });

  it('refuses what it does not know', () => {
    assert.throws(() => parseRunArguments(['--engine=opera'], {}), TypeError);
    assert.throws(() => parseRunArguments(['--only=luck'], {}), TypeError);
    assert.throws(() => parseRunArguments(['--fast'], {}), TypeError);
  });
});
