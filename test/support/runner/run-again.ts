import { addTallies, emptyTally, tallyFile } from './tally.js';
import type { Tally } from './tally.js';
import { hasFailed } from './test-results.js';
import type { FileResults } from './test-results.js';

/** The test files of one environment: Node or a browser engine. */
export interface Batch {
  /** Prefix for the names of failed tests. */
  readonly label: string | undefined;
  readonly files: readonly FileResults[];
  readonly runAlone: (file: string) => Promise<FileResults>;
}

/** More failures than this are not caused by a busy machine. A second run would only delay the result. */
export const MOST_FILES_AGAIN = 12;
/** No second run starts later than this after the first of them, so that the whole run ends in time. */
export const LATEST_AGAIN_MS = 240_000;

export interface AgainOptions {
  readonly mostFiles?: number;
  readonly latestMs?: number;
  /** A clock in milliseconds. */
  readonly now?: () => number;
  readonly signal?: AbortSignal;
}

/**
 * Counts a failed file by its second run. A test that fails in the first run and passes in the second is flaky. A
 * failed test that does not run again counts as failed.
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
 * Runs each failed file once more, alone, after all others, and counts all results. A file counts by its first run when
 * more than `mostFiles` failed, when the second runs have taken `latestMs`, or when `signal` is aborted.
 */
export async function runFailedFilesAgain(
  batches: readonly Batch[],
  {
    mostFiles = MOST_FILES_AGAIN,
    latestMs = LATEST_AGAIN_MS,
    now = () => performance.now(),
    signal,
  }: AgainOptions = {},
): Promise<Tally> {
  const startedMs = now();
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
      const where = label === undefined ? '' : ` on ${label}`;
      if (now() - startedMs >= latestMs) {
        console.log(`\nNot run again, because the second runs have taken too long: ${first.file}${where}`);
        total = addTallies([total, named(label, tallyFile(first))]);
        continue;
      }
      console.log(`\n▸ once more, alone: ${first.file}${where} …`);
      const second = await runAlone(first.file);
      // An aborted second run is ignored.
      const tally = signal?.aborted ? tallyFile(first) : judgeSecondRun(first, second);
      total = addTallies([total, named(label, tally)]);
    }
  }
  return total;
}
