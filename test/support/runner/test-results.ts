import { appendFileSync, readFileSync } from 'node:fs';

export type Outcome = 'passed' | 'failed' | 'skipped';

export interface TestResult {
  /** The titles of its suites and its own, joined by ›. */
  readonly test: string;
  readonly outcome: Outcome;
}

/** What one run of a test file had to say. */
export interface FileResults {
  readonly file: string;
  readonly tests: readonly TestResult[];
  /** What failed outside its tests: it did not finish, its page broke, it holds no test. */
  readonly problems: readonly string[];
}

/** One line of a result file, written as it happens: what was written before a crash still counts. */
export type ResultLine =
  | { readonly type: 'test-started'; readonly file: string; readonly test: string }
  | ({ readonly type: 'test-ended'; readonly file: string } & TestResult)
  | { readonly type: 'suite-ended'; readonly file: string; readonly test: string }
  | { readonly type: 'file-started'; readonly file: string }
  | { readonly type: 'file-ended'; readonly file: string; readonly problems: readonly string[] };

/** Content of a result file up to now. */
export interface ResultsSoFar {
  /** The files that have a line, in the order of their first one. */
  readonly files: readonly FileResults[];
  /** Files that ended by their own account. */
  readonly ended: ReadonlySet<string>;
  /** The test, or else the file, that began last and did not end. */
  readonly unfinished: { readonly file: string; readonly test?: string } | undefined;
}

export function writeResult(path: string, line: ResultLine): void {
  // At once: a process that crashes next flushes nothing.
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
    // The last line of a process that was ended while it wrote.
    return [];
  }
}

/** Reads the text of a result file; a line that was cut off is left out. */
export function parseResults(text: string): ResultsSoFar {
  const files = new Map<string, { tests: TestResult[]; problems: readonly string[] }>();
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
    }
  }
  return {
    files: [...files].map(([file, { tests, problems }]) => ({ file, tests, problems })),
    ended,
    unfinished: [...begun.values()].at(-1),
  };
}

/** Reads a result file; one that was never written says nothing. */
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
