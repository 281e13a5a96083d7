import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { env } from 'node:process';

/**
 * A reporter for node:test that writes each result at once, as a line of the file in GATECAST_TEST_RESULTS, so that
 * results before a crash count (see test-results.ts).
 */
export default async function* nodeResultsReporter(source) {
  const path = env.GATECAST_TEST_RESULTS;
  if (path === undefined) throw new Error('GATECAST_TEST_RESULTS names no file.');
  /** Titles of the current suites and test, outermost first. */
  const titles = [];

  for await (const { type, data } of source) {
    if (type !== 'test:dequeue' && type !== 'test:complete') continue;
    const { details, name, nesting } = data;
    titles.length = nesting;
    const test = [...titles, name].join(' › ');
    const file = relative(process.cwd(), data.file ?? process.argv[1]);
    const write = (line) => appendFileSync(path, `${JSON.stringify({ ...line, file, test })}\n`);
    if (type === 'test:dequeue') {
      titles[nesting] = name;
      write({ type: 'test-started' });
      continue;
    }
    // A suite's outcome is that of its tests. It counts only when it was skipped or failed outside a test.
    const isSuite = details.type === 'suite';
    const { failureType } = details.error ?? {};
    const isSkipped = data.skip !== undefined || data.todo !== undefined;
    const outcome = isSkipped ? 'skipped' : details.passed ? 'passed' : 'failed';
    const isOfChildren = failureType === 'subtestsFailed' || (isSuite && outcome === 'passed');
    write(isOfChildren ? { type: 'suite-ended' } : { type: 'test-ended', outcome });
  }
}
