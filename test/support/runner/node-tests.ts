import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Batch } from './run-again.js';
import { runNode } from './run-command.js';
import { shareProcesses } from './share-processes.js';
import type { TestProcess } from './share-processes.js';
import { addTallies, summaryLine, tallyFile } from './tally.js';
import { isCiTest } from './test-files.js';
import { hasFailed, readResults } from './test-results.js';
import type { FileResults, ResultsSoFar } from './test-results.js';

/** More than the two cores, because most tests wait for a server, a browser or a program. */
const PROCESSES = 4;
/** Only ends a file that hangs. The longest takes a third of this on an idle machine. */
const FILE_TIMEOUT_MS = 900_000;
/** With low priority beside browsers, the longest takes six times as long as alone. */
const PATIENT_FILE_TIMEOUT_MS = 3_600_000;

export interface NodeTestOptions {
  /** Runs one file at a time, with low priority: beside browsers, whose tests measure time. */
  readonly isPatient?: boolean;
  readonly signal?: AbortSignal;
}

interface ProcessEnd {
  readonly exitCode: number;
  readonly endedFor: string | undefined;
}

/**
 * Returns the results of one process: all tests that ran, and a problem for each file that did not finish.
 * @param files - the files that the process was to run
 */
export function judgeProcess(
  files: readonly string[],
  { files: ran, unfinished }: ResultsSoFar,
  { exitCode, endedFor }: ProcessEnd,
): FileResults[] {
  const isWell = exitCode === 0 && endedFor === undefined;
  const how = endedFor === undefined ? `its process ended with exit code ${exitCode}` : `ended: ${endedFor}`;
  const judge = (file: string): FileResults => {
    const tests = ran.find((results) => results.file === file)?.tests ?? [];
    if (unfinished?.file === file) {
      const where = unfinished.test === undefined ? '' : ` in “${unfinished.test}”`;
      return { file, tests, problems: [`did not finish: ${how}${where}`] };
    }
    if (tests.length > 0) return { file, tests, problems: [] };
    return { file, tests, problems: [isWell ? 'it holds no test' : `did not run: ${how}`] };
  };
  const results = files.map(judge);
  const last = results.at(-1);
  // An error after the last test, which belongs to no test.
  if (!isWell && last && !results.some(hasFailed))
    return [...results.slice(0, -1), { ...last, problems: [how] }];
  return results;
}

/** Output of a process without the passed tests. */
function withoutPassed(output: string): string {
  const lines = output.split('\n').filter((line) => !/^\s*✔ /.test(line));
  return lines.join('\n').trimEnd();
}

async function runProcess(
  { entry, files }: TestProcess,
  { isPatient = false, signal }: NodeTestOptions,
): Promise<FileResults[]> {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-node-tests-'));
  const resultFile = join(folder, 'results.jsonl');
  try {
    const { output, seconds, ...end } = await runNode(
      [
        '--conditions=gatecast-source',
        '--import=tsx',
        '--test-reporter=spec',
        '--test-reporter-destination=stdout',
        '--test-reporter=./test/support/runner/node-results-reporter.js',
        '--test-reporter-destination=stderr',
        entry,
      ],
      {
        capture: true,
        env: { GATECAST_TEST_RESULTS: resultFile },
        timeoutMs: isPatient ? PATIENT_FILE_TIMEOUT_MS : FILE_TIMEOUT_MS,
        isPatient,
        ...(signal && { signal }),
      },
    );
    const results = judgeProcess(files, readResults(resultFile), end);
    if (results.some(hasFailed)) console.log(withoutPassed(output));
    const [first = entry, ...others] = files;
    const name = others.length === 0 ? first : `${first} and ${others.length} other files`;
    console.log(`  ${name} (${seconds.toFixed(1)} s): ${summaryLine(addTallies(results.map(tallyFile)))}`);
    return files.length === 1 ? results.map((result) => ({ ...result, seconds })) : results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts slow tests and those with a browser first, because they take longest and would otherwise delay the end. */
function slowFirst(processes: readonly TestProcess[]): TestProcess[] {
  const isSlow = ({ files }: TestProcess): boolean =>
    files.some((file) => isCiTest(file) || readFileSync(file, 'utf8').includes('open-browser'));
  return [...processes.filter(isSlow), ...processes.filter((one) => !isSlow(one))];
}

/** Runs `*.test.ts` files in parallel Node processes. Files that have not started when `signal` aborts are omitted. */
export async function runNodeTests(files: readonly string[], options: NodeTestOptions = {}): Promise<Batch> {
  const { isPatient = false, signal } = options;
  const shared = shareProcesses(files);
  const waiting = slowFirst(shared.processes);
  const results: FileResults[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next && !signal?.aborted; next = waiting.shift())
      results.push(...(await runProcess(next, options)));
  };
  const startedMs = performance.now();
  if (files.length > 0) console.log(`▸ node tests in ${files.length} files …`);
  try {
    await Promise.all(Array.from({ length: isPatient ? 1 : PROCESSES }, work));
  } finally {
    shared.remove();
  }
  if (files.length > 0) {
    const seconds = (performance.now() - startedMs) / 1000;
    const mark = results.some(hasFailed) ? '✗' : '✓';
    const line = summaryLine(addTallies(results.map(tallyFile)));
    console.log(`${mark} node tests (${seconds.toFixed(1)} s): ${line}`);
  }
  return {
    label: undefined,
    files: results,
    runAlone: async (file) => {
      const [alone] = await runProcess({ entry: file, files: [file] }, { ...(signal && { signal }) });
      return alone ?? { file, tests: [], problems: ['did not run'] };
    },
  };
}
