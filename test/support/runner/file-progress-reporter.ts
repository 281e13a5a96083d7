import { relative } from 'node:path';
import type { Reporter, TestSuiteResult } from '@web/test-runner-core';
import { summaryLine } from './tally.js';
import { tallySession } from './tally-sessions.js';

function durationMs({ tests, suites }: TestSuiteResult): number {
  const own = tests.reduce((sum, { duration }) => sum + (duration ?? 0), 0);
  return suites.reduce((sum, suite) => sum + durationMs(suite), own);
}

/** Prints a line for each finished test file, so that a long run shows that it moves, and what takes so long. */
export function fileProgressReporter(): Reporter {
  return {
    reportTestFileResults({ logger, sessionsForTestFile, testFile }) {
      for (const session of sessionsForTestFile) {
        const seconds = session.testResults ? durationMs(session.testResults) / 1000 : 0;
        const file = relative(process.cwd(), testFile);
        logger.log(`  ${file} (${seconds.toFixed(1)} s): ${summaryLine(tallySession(session))}`);
      }
    },
  };
}
