import { addTallies, emptyTally, tallyFile } from './tally.js';
import type { Tally } from './tally.js';
import { hasFailed } from './test-results.js';
import type { FileResults } from './test-results.js';

/** The test files that ran in one place: in Node, or on one engine. */
export interface Batch {
  /** Comes before the names of what failed. */
  readonly label: string | undefined;
  readonly files: readonly FileResults[];
  readonly runAlone: (file: string) => Promise<FileResults>;
}

/** More failures than these are not due to a busy machine: they would only fail again, much later. */
export const MOST_FILES_AGAIN = 12;

/**
 * Counts a file that failed by its second run. What failed in the first one and passes in the second is flaky; what
 * failed and did not run again has failed.
 */
export function judgeSecondRun(first: FileResults, second: FileResults): Tally {
  const inSecond = new Map(second.tests.map(({ test, outcome }) => [test, outcome]));
  const failedFirst = first.tests.filter(({ outcome }) => outcome === 'failed');
  const missing = failedFirst.filter(({ test }) => !['passed', 'failed'].includes(inSecond.get(test) ?? ''));
  const flaky = failedFirst.filter(({ test }) => inSecond.get(test) === 'passed').map(({ test }) => test);
  const recovered = hasFailed(second) ? [] : first.problems;
  return {
    ...tallyFile({ ...second, tests: [...second.tests, ...missing] }),
    flaky: [
      ...flaky.map((test) => `${first.file} › ${test}`),
      ...recovered.map((problem) => `${first.file}: ${problem}`),
    ],
  };
}

function named(label: string | undefined, tally: Tally): Tally {
  if (label === undefined) return tally;
  const withLabel = (name: string): string => `[${label}] ${name}`;
  return { ...tally, failures: tally.failures.map(withLabel), flaky: tally.flaky.map(withLabel) };
}

/**
 * Runs each file that failed once more, alone, after all others, and counts everything. Nothing runs again when more
 * than `mostFiles` failed, or after `signal` was aborted.
 */
export async function runFailedFilesAgain(
  batches: readonly Batch[],
  { mostFiles = MOST_FILES_AGAIN, signal }: { mostFiles?: number; signal?: AbortSignal } = {},
): Promise<Tally> {
  const count = batches.flatMap(({ files }) => files.filter(hasFailed)).length;
  const runsAgain = count > 0 && count <= mostFiles;
  if (count > mostFiles) console.log(`\n${count} test files failed: too many to run again.`);
  let total = emptyTally;
  for (const { label, files, runAlone } of batches) {
    for (const first of files) {
      if (!hasFailed(first) || !runsAgain || signal?.aborted) {
        total = addTallies([total, named(label, tallyFile(first))]);
        continue;
      }
      console.log(`\n▸ once more, alone: ${first.file}${label === undefined ? '' : ` on ${label}`} …`);
      const second = await runAlone(first.file);
      // A second run that was cut short says nothing.
      const tally = signal?.aborted ? tallyFile(first) : judgeSecondRun(first, second);
      total = addTallies([total, named(label, tally)]);
    }
  }
  return total;
}
