import type { FileResults } from './test-results.js';

/** The counts of one step and its failures. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
  /** Tests that failed and then passed in the second run of their file. They count as passed. */
  readonly flaky: readonly string[];
}

export const emptyTally: Tally = { passed: 0, failed: 0, skipped: 0, failures: [], flaky: [] };

export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, tally) => ({
      passed: sum.passed + tally.passed,
      failed: sum.failed + tally.failed,
      skipped: sum.skipped + tally.skipped,
      failures: [...sum.failures, ...tally.failures],
      flaky: [...sum.flaky, ...tally.flaky],
    }),
    emptyTally,
  );
}

export function failedOnce(failure: string): Tally {
  return { ...emptyTally, failed: 1, failures: [failure] };
}

/** Counts the tests of a file. Each problem outside its tests counts as one failure. */
export function tallyFile({ file, tests, problems }: FileResults): Tally {
  const titles = (wanted: 'passed' | 'failed' | 'skipped'): string[] =>
    tests.filter(({ outcome }) => outcome === wanted).map(({ test }) => `${file} › ${test}`);
  const failures = [...titles('failed'), ...problems.map((problem) => `${file}: ${problem}`)];
  return {
    ...emptyTally,
    passed: titles('passed').length,
    failed: failures.length,
    skipped: titles('skipped').length,
    failures,
  };
}

/** The summary line, in a format that programs can parse. */
export function summaryLine({ passed, failed, skipped }: Tally): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}

/** The final output of a run: failed tests, flaky tests, and the summary as the last line. */
export function summary(tally: Tally): string {
  const { failures, flaky } = tally;
  const lines = failures.length > 0 ? ['Failed:', ...failures.map((name) => `  ✗ ${name}`), ''] : [];
  if (flaky.length > 0) {
    const tests = flaky.length === 1 ? '1 test' : `${flaky.length} tests`;
    lines.push(...flaky.map((name) => `Flaky: ${name}`));
    lines.push(`Flaky: ${tests} failed and then passed when the file ran again, alone.`, '');
  }
  return [...lines, summaryLine(tally)].join('\n');
}

/** A run without any tests is not a success. */
export function isSuccess({ passed, failed }: Tally): boolean {
  return failed === 0 && passed > 0;
}
