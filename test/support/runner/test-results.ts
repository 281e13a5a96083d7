import { appendFileSync, readFileSync } from 'node:fs';

export type Outcome = 'passed' | 'failed' | 'skipped';

export interface TestResult {
  /** The titles of its suites and its own title, joined by ›. */
  readonly test: string;
  readonly outcome: Outcome;
}

/** Results of one run of a test file. */
export interface FileResults {
  readonly file: string;
  readonly tests: readonly TestResult[];
  /** Failures outside its tests: the file did not finish, its page failed, or it has no tests. */
  readonly problems: readonly string[];
  /** Its duration beside others, if it had a process or page of its own. */
  readonly seconds?: number;
}

/** One line of a result file, written at once, so that results before a crash count. */
export type ResultLine =
  | { readonly type: 'test-started'; readonly file: string; readonly test: string }
  | ({ readonly type: 'test-ended'; readonly file: string } & TestResult)
  | { readonly type: 'suite-ended'; readonly file: string; readonly test: string }
  | { readonly type: 'file-started'; readonly file: string }
  | {
      readonly type: 'file-ended';
      readonly file: string;
      readonly problems: readonly string[];
      readonly seconds?: number;
    };

/** Current content of a result file. */
export interface ResultsSoFar {
  /** The files with at least one line, in the order of their first line. */
  readonly files: readonly FileResults[];
  /** Files that reported their end. */
  readonly ended: ReadonlySet<string>;
  /** The test or file that started last and did not end. */
  readonly unfinished: { readonly file: string; readonly test?: string } | undefined;
}

export function writeResult(path: string, line: ResultLine): void {
  // Synchronous, because a crash would lose buffered lines.
  appendFileSync(path, `${JSON.stringify(line)}\n`);
}

const types: readonly string[] = ['test-started', 'test-ended', 'suite-ended', 'file-started', 'file-ended'];

function isResultLine(value: unknown): value is ResultLine {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    types.includes(value.type) &&
    'file' in value &&
    typeof value.file === 'string'
  );
}

function parseLine(text: string): readonly ResultLine[] {
  try {
    const value: unknown = JSON.parse(text);
    return isResultLine(value) ? [value] : [];
  } catch {
    // An incomplete last line: the process was ended while it wrote.
    return [];
  }
}

/** Parses a result file. An incomplete line is ignored. */
export function parseResults(text: string): ResultsSoFar {
  const files = new Map<string, { tests: TestResult[]; problems: readonly string[]; seconds?: number }>();
  const ended = new Set<string>();
  const begun = new Map<string, { file: string; test?: string }>();
  for (const line of text.split('\n').flatMap(parseLine)) {
    const { file } = line;
    const results = files.get(file) ?? { tests: [], problems: [] };
    files.set(file, results);
    switch (line.type) {
      case 'file-started':
        begun.set(file, { file });
        break;
      case 'test-started':
        begun.set(`${file} ${line.test}`, { file, test: line.test });
        break;
      case 'test-ended':
        begun.delete(`${file} ${line.test}`);
        results.tests.push({ test: line.test, outcome: line.outcome });
        break;
      case 'suite-ended':
        begun.delete(`${file} ${line.test}`);
        break;
      case 'file-ended':
        begun.delete(file);
        ended.add(file);
        results.problems = line.problems;
        if (line.seconds !== undefined) results.seconds = line.seconds;
    }
  }
  return {
    files: [...files].map(([file, results]) => ({ file, ...results })),
    ended,
    unfinished: [...begun.values()].at(-1),
  };
}

/** Reads a result file. A missing file has no results. */
export function readResults(path: string): ResultsSoFar {
  try {
    return parseResults(readFileSync(path, 'utf8'));
  } catch {
    return parseResults('');
  }
}

export function hasFailed({ tests, problems }: FileResults): boolean {
  return problems.length > 0 || tests.some(({ outcome }) => outcome === 'failed');
}
