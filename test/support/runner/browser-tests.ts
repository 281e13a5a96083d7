import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineLabels } from './engine.js';
import type { Engine } from './engine.js';
import { runNode } from './run-command.js';
import { shareOut, slowFilesOn } from './share-out.js';
import { addTallies, emptyTally, failedOnce, parseTally, summaryLine } from './tally.js';
import type { Tally } from './tally.js';

const engineTimeoutMs = 780_000;

interface Attempt {
  readonly tally: Tally;
  /** Whether the browser came as far as running a test. */
  readonly started: boolean;
}

function readAttempt(path: string): Attempt | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    const tally = parseTally(text);
    return tally && { tally, started: text.includes('"started":true') };
  } catch {
    return undefined;
  }
}

async function attempt(engine: Engine, files: readonly string[]): Promise<Attempt> {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-browser-tests-'));
  const resultFile = join(folder, 'tally.json');
  try {
    const { exitCode } = await runNode(
      [
        '--conditions=gatecast-source',
        '--import=tsx',
        'test/run-browser-tests.ts',
        engine,
        resultFile,
        ...files,
      ],
      { timeoutMs: engineTimeoutMs },
    );
    return (
      readAttempt(resultFile) ?? {
        tally: failedOnce(`${engineLabels[engine]} ended with exit code ${exitCode} and no results`),
        // It crashed or ran out of time: a second run would tell the same, much later.
        started: true,
      }
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs side by side on two cores: most of the time a test waits for the clock. WebKitGTK draws and decodes in software
 * and needs both for tests that measure how long the picture stands still.
 */
const shardCounts: Readonly<Record<Engine, number>> = { chromium: 4, firefox: 2, webkit: 1 };

async function runShard(engine: Engine, files: readonly string[]): Promise<Tally> {
  const first = await attempt(engine, files);
  if (first.started) return first.tally;
  console.log(`${engineLabels[engine]} did not start: trying once more …`);
  return (await attempt(engine, files)).tally;
}

/** Runs `*.browser.test.ts` files on one engine; a browser that never starts gets a second chance. */
export async function runBrowserTests(engine: Engine, files: readonly string[]): Promise<Tally> {
  if (files.length === 0) return emptyTally;
  const label = engineLabels[engine];
  console.log(`▸ ${label}: browser tests in ${files.length} files …`);
  const startedMs = performance.now();
  // Every run has a browser and a backend of its own.
  const shards = shareOut(files, shardCounts[engine], slowFilesOn(engine)).filter(
    (shard) => shard.length > 0,
  );
  const result = addTallies(await Promise.all(shards.map((shard) => runShard(engine, shard))));
  const seconds = (performance.now() - startedMs) / 1000;
  const mark = result.failed === 0 ? '✓' : '✗';
  console.log(`${mark} ${label} (${seconds.toFixed(1)} s): ${summaryLine(result)}`);
  return { ...result, failures: result.failures.map((failure) => `[${label}] ${failure}`) };
}
