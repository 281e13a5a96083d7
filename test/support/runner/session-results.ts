import { relative } from 'node:path';
import type { TestSession, TestSuiteResult } from '@web/test-runner-core';
import type { FileResults, TestResult } from './test-results.js';

function readSuite({ tests, suites }: TestSuiteResult, titles: readonly string[]): TestResult[] {
  const own = tests.map(({ name, passed, skipped }): TestResult => ({
    test: [...titles, name].join(' › '),
    outcome: skipped ? 'skipped' : passed ? 'passed' : 'failed',
  }));
  return [...own, ...suites.flatMap((suite) => readSuite(suite, [...titles, suite.name]))];
}

/** Reads the session of a test file. A failure outside a test, or a file without tests, is a problem. */
export function readSession(
  session: Pick<TestSession, 'testFile' | 'testResults' | 'passed' | 'errors'>,
): FileResults {
  const file = relative(process.cwd(), session.testFile);
  const tests = session.testResults ? readSuite(session.testResults, []) : [];
  const isExplained = tests.some(({ outcome }) => outcome === 'failed');
  const isWhole = session.passed && session.errors.length === 0 && tests.length > 0;
  if (isExplained || isWhole) return { file, tests, problems: [] };
  const reason = session.errors[0]?.message ?? (tests.length === 0 ? 'it holds no test' : 'the page failed');
  return { file, tests, problems: [reason] };
}
