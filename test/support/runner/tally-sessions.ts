import { relative } from 'node:path';
import type { TestSession, TestSuiteResult } from '@web/test-runner-core';
import { addTallies, emptyTally, failedOnce } from './tally.js';
import type { Tally } from './tally.js';

function tallySuite(title: string, suite: TestSuiteResult): Tally {
  const own = suite.tests.map((test): Tally => {
    if (test.skipped) return { ...emptyTally, skipped: 1 };
    return test.passed ? { ...emptyTally, passed: 1 } : failedOnce(`${title} › ${test.name}`);
  });
  const inner = suite.suites.map((child) => tallySuite(`${title} › ${child.name}`, child));
  return addTallies([...own, ...inner]);
}

/** Counts a test file's session; one that broke outside a test, or held none, counts as one failure. */
export function tallySession(
  session: Pick<TestSession, 'testFile' | 'testResults' | 'passed' | 'errors'>,
): Tally {
  const file = relative(process.cwd(), session.testFile);
  const tally = session.testResults ? tallySuite(file, session.testResults) : emptyTally;
  if (tally.failed > 0) return tally;
  const isEmpty = tally.passed + tally.skipped === 0;
  if (session.passed && session.errors.length === 0 && !isEmpty) return tally;
  const reason = session.errors[0]?.message ?? (isEmpty ? 'it holds no test' : 'the page failed');
  return addTallies([tally, failedOnce(`${file}: ${reason}`)]);
}
