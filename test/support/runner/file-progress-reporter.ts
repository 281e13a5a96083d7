import type { Reporter } from '@web/test-runner-core';
import { readSession } from './session-results.js';
import { summaryLine, tallyFile } from './tally.js';

/** Prints a line for each test file that has ended, with the time since the end of the one before. */
export function fileProgressReporter(): Reporter {
  let lastMs = performance.now();
  return {
    reportTestFileResults({ logger, sessionsForTestFile }) {
      const seconds = (performance.now() - lastMs) / 1000;
      lastMs = performance.now();
      for (const session of sessionsForTestFile) {
        const results = readSession(session);
        logger.log(`  ${results.file} (${seconds.toFixed(1)} s): ${summaryLine(tallyFile(results))}`);
      }
    },
  };
}
