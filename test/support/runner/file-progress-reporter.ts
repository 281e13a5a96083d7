import { relative } from 'node:path';
import type { Reporter } from '@web/test-runner-core';
import { summaryLine } from './tally.js';
import { tallySession } from './tally-sessions.js';

/** Prints a line for each finished test file, so that a long run shows that it moves. */
export function fileProgressReporter(): Reporter {
  return {
    reportTestFileResults({ logger, sessionsForTestFile, testFile }) {
      for (const session of sessionsForTestFile) {
        logger.log(`  ${relative(process.cwd(), testFile)}: ${summaryLine(tallySession(session))}`);
      }
    },
  };
}
