import { relative } from 'node:path';

/** @typedef {{ name: string, file?: string, nesting: number, skip?: unknown, todo?: unknown, details?: { type?: string } }} TestEvent */

/** `node --test` reports a file that ended badly as a test of the file's own name. */
const isFileItself = ({ name, file }) => file !== undefined && (name === file || file.endsWith(`/${name}`));

/** A reporter for `node --test` that writes one JSON tally of what really ran. */
export default async function* tallyReporter(source) {
  const tally = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const filesWithTests = new Set();
  const filesFailed = new Set();

  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const where = data.file === undefined ? '' : relative(process.cwd(), data.file);
    const isFile = isFileItself(data);
    const isSuite = data.details?.type === 'suite';
    if (type === 'test:fail') {
      // A suite fails with its tests, a file with its suites: count the innermost, once.
      const becauseOfChildren = data.details?.error?.failureType === 'subtestsFailed';
      if (becauseOfChildren || (isFile && filesFailed.has(data.file))) continue;
      filesFailed.add(data.file);
      tally.failed += 1;
      tally.failures.push(isFile ? `${where} did not run to its end` : `${where}: ${data.name}`);
      continue;
    }
    if (isSuite || isFile) continue;
    filesWithTests.add(data.file);
    if (data.skip !== undefined || data.todo !== undefined) tally.skipped += 1;
    else tally.passed += 1;
  }
  yield JSON.stringify({ ...tally, filesWithTests: filesWithTests.size });
}
