import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { TestResult, TestSession } from '@web/test-runner-core';
import { parseRunArguments } from '../support/runner/arguments.js';
import { isPure } from '../support/runner/share-processes.js';
import { findTestFiles } from '../support/runner/test-files.js';
import { shareOut, slowFileSeconds } from '../support/runner/share-out.js';
import {
  addTallies,
  emptyTally,
  failedOnce,
  isSuccess,
  parseTally,
  summaryLine,
} from '../support/runner/tally.js';
import { tallySession } from '../support/runner/tally-sessions.js';

const passed = { name: 'works', passed: true, skipped: false };
const skipped = { name: 'waits', passed: false, skipped: true };
const failed = { name: 'breaks', passed: false, skipped: false };
type Session = Pick<TestSession, 'testFile' | 'testResults' | 'passed' | 'errors'>;

const session = (tests: TestResult[], rest: Partial<Session> = {}): Session => ({
  testFile: 'test/a.browser.test.ts',
  passed: true,
  errors: [],
  testResults: { name: '', tests: [], suites: [{ name: 'a thing', suites: [], tests }] },
  ...rest,
});

describe('the summary of a test run', () => {
  it('names passed and failed, and skipped only where there are some', () => {
    assert.equal(summaryLine({ ...emptyTally, passed: 3 }), '3 passed, 0 failed');
    assert.equal(summaryLine({ ...emptyTally, passed: 3, skipped: 2 }), '3 passed, 0 failed, 2 skipped');
  });

  it('is no success when nothing ran', () => {
    assert.equal(isSuccess(emptyTally), false);
    assert.equal(isSuccess({ ...emptyTally, skipped: 4 }), false);
  });

  it('is no success when one of many failed', () => {
    assert.equal(isSuccess(addTallies([{ ...emptyTally, passed: 9 }, failedOnce('x')])), false);
  });

  it('reads back what another process wrote, and nothing that was cut off', () => {
    const text = JSON.stringify({ ...emptyTally, passed: 1 });
    assert.equal(parseTally(text)?.passed, 1);
    assert.equal(parseTally(text.slice(0, -3)), undefined);
    assert.equal(parseTally('{"passed":"1"}'), undefined);
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
    for (const file of Object.keys(slowFileSeconds)) assert.ok(existsSync(file), file);
  });
});

describe('test files that share a process', () => {
  it('start nothing, and have no hooks that would hold for the others', () => {
    const impure =
      /^(?:before|after)(?:Each)?\(|node:(?:child_process|http)|playwright|puppeteer|support\/backend/m;
    const { node } = findTestFiles([]);
    assert.ok(node.some(isPure));
    for (const file of node.filter(isPure)) assert.doesNotMatch(readFileSync(file, 'utf8'), impure, file);
  });
});

describe('the tally of a browser session', () => {
  it('counts tests in suites of suites', () => {
    const tally = tallySession(session([passed, passed, skipped]));
    assert.deepEqual([tally.passed, tally.failed, tally.skipped], [2, 0, 1]);
  });

  it('names a failed test with its suites', () => {
    const tally = tallySession(session([passed, failed], { passed: false }));
    assert.deepEqual(tally.failures, ['test/a.browser.test.ts › a thing › breaks']);
  });

  it('counts a page that broke outside its tests as a failure', () => {
    const tally = tallySession(session([passed], { errors: [{ message: 'could not be loaded' }] }));
    assert.equal(tally.failed, 1);
    assert.match(tally.failures[0] ?? '', /could not be loaded/);
  });

  it('counts a file without a test as a failure', () => {
    assert.equal(tallySession(session([])).failed, 1);
    const { testResults: _, ...broken } = session([], { passed: false });
    assert.equal(tallySession(broken).failed, 1);
  });
});

describe('the command line of npm test', () => {
  it('runs everything on the engines found when nothing is asked for', () => {
    assert.deepEqual(parseRunArguments([], {}), {
      engines: undefined,
      steps: ['lint', 'node', 'browser'],
      filters: [],
    });
  });

  it('takes engines by option or environment', () => {
    assert.deepEqual(parseRunArguments(['--engine=firefox,webkit'], {}).engines, ['firefox', 'webkit']);
    assert.deepEqual(parseRunArguments([], { ENGINE: 'all' }).engines, ['chromium', 'firefox', 'webkit']);
  });

  it('leaves the static checks out when files are named', () => {
    assert.deepEqual(parseRunArguments(['token/clock'], {}).steps, ['node', 'browser']);
  });

  it('refuses what it does not know', () => {
    assert.throws(() => parseRunArguments(['--engine=opera'], {}), TypeError);
    assert.throws(() => parseRunArguments(['--only=luck'], {}), TypeError);
    assert.throws(() => parseRunArguments(['--fast'], {}), TypeError);
  });
});
