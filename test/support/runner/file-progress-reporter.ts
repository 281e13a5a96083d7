import type { Reporter, TestSuiteResult } from '@web/test-runner-core';
import { readSession } from './session-results.js';
import { summaryLine, tallyFile } from './tally.js';

function durationMs({ tests, suites }: TestSuiteResult): number {
  const own = tests.reduce((sum, { duration }) => sum + (duration ?? 0), 0);
  return suites.reduce((sum, suite) => sum + durationMs(suite), own);
}

/** Prints a line with the duration of each finished test file, as progress of a long run. */
export function fileProgressReporter(): Reporter {
  return {
    reportTestFileResults({ logger, sessionsForTestFile }) {
      for (const session of sessionsForTestFile) {
        const seconds = session.testResults ? durationMs(session.testResults) / 1000 : 0;
        const results = readSession(session);
        logger.log(`  ${results.file} (${seconds.toFixed(1)} s): ${summaryLine(tallyFile(results))}`);
      }
    },
  };
}
