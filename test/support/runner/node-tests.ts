import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNode } from './run-command.js';
import { shareProcesses } from './share-processes.js';
import { emptyTally, failedOnce, parseTally } from './tally.js';
import type { Tally } from './tally.js';

function readTally(path: string): Tally | undefined {
  try {
    return parseTally(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Runs `*.test.ts` files in Node and counts what node:test itself reports. */
export async function runNodeTests(files: readonly string[]): Promise<Tally> {
  if (files.length === 0) return emptyTally;
  console.log(`▸ node tests in ${files.length} files …`);
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-node-tests-'));
  const resultFile = join(folder, 'tally.json');
  const processes = shareProcesses(files);
  try {
    const { exitCode, seconds } = await runNode(
      [
        '--conditions=gatecast-source',
        '--import=tsx',
        '--test',
        '--test-concurrency=4',
        '--test-timeout=300000',
        '--test-reporter=spec',
        '--test-reporter-destination=stdout',
        '--test-reporter=./test/support/runner/tally-reporter.js',
        `--test-reporter-destination=${resultFile}`,
        ...processes.files,
      ],
      { timeoutMs: 600_000 },
    );
    const tally = readTally(resultFile);
    if (!tally) return failedOnce(`node tests ended with exit code ${exitCode} and no results`);
    const mark = tally.failed === 0 && exitCode === 0 ? '✓' : '✗';
    console.log(
      `${mark} node tests (${seconds.toFixed(1)} s): ${tally.passed} passed, ${tally.failed} failed`,
    );
    if (exitCode !== 0 && tally.failed === 0)
      return { ...tally, ...failedOnce('node --test ended with an error') };
    return tally;
  } finally {
    processes.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}
