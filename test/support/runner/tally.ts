/** Counted results of one step, and what failed in it. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
}

export const emptyTally: Tally = { passed: 0, failed: 0, skipped: 0, failures: [] };

export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, tally) => ({
      passed: sum.passed + tally.passed,
      failed: sum.failed + tally.failed,
      skipped: sum.skipped + tally.skipped,
      failures: [...sum.failures, ...tally.failures],
    }),
    emptyTally,
  );
}

export function failedOnce(failure: string): Tally {
  return { ...emptyTally, failed: 1, failures: [failure] };
}

/** The one line that a person and a machine read at the end. */
export function summaryLine({ passed, failed, skipped }: Tally): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}

/** A run in which nothing was tested is no success. */
export function isSuccess({ passed, failed }: Tally): boolean {
  return failed === 0 && passed > 0;
}

function isTally(value: unknown): value is Tally {
  return (
    typeof value === 'object' &&
    value !== null &&
    'passed' in value &&
    typeof value.passed === 'number' &&
    'failed' in value &&
    typeof value.failed === 'number' &&
    'skipped' in value &&
    typeof value.skipped === 'number' &&
    'failures' in value &&
    Array.isArray(value.failures)
  );
}

/** Reads a tally that another process wrote; undefined when it is cut off or something else. */
export function parseTally(text: string): Tally | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isTally(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
