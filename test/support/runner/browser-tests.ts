import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleBrowserTests } from './bundle-browser-tests.js';
import { engineLabels } from './engine.js';
import type { Engine } from './engine.js';
import type { FilesOn } from './engine-files.js';
import { planTurns } from './engine-turns.js';
import type { EngineRun } from './engine-turns.js';
import type { Batch } from './run-again.js';
import { runNode } from './run-command.js';
import { shareOut, slowFilesOn } from './share-out.js';
import { addTallies, summaryLine, tallyFile } from './tally.js';
import { hasFailed, readResults } from './test-results.js';
import type { FileResults } from './test-results.js';

/**
 * Only ends a browser that hangs; the files that are left run in the next one. Each test file has its own limit too
 * (web-test-runner.config.ts). WebKitGTK hangs now and then, and then does not answer its driver either. Its files take two
 * and a half minutes at most.
 */
const silenceLimitsMs: Readonly<Record<Engine, number>> = {
  chromium: 900_000,
  firefox: 900_000,
  webkit: 240_000,
};

/** Calls `onSilence` when a file has not grown for a long time. */
function watchSilence(path: string, limitMs: number, onSilence: () => void): { stop: () => void } {
  let size = 0;
  let grewAtMs = performance.now();
  const timer = setInterval(() => {
    const now = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (now !== size) grewAtMs = performance.now();
    size = now;
    if (performance.now() - grewAtMs > limitMs) onSilence();
  }, 5_000);
  return {
    stop: () => {
      clearInterval(timer);
    },
  };
}

/** Runs files in one browser. Returns the results of those that finished, and of one that ended the run. */
async function runOnce(
  engine: Engine,
  files: readonly string[],
  bundle: string,
  signal: AbortSignal | undefined,
): Promise<{ results: FileResults[]; how: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-browser-tests-'));
  const resultFile = join(folder, 'results.jsonl');
  const silence = new AbortController();
  const limitMs = silenceLimitsMs[engine];
  const watch = watchSilence(resultFile, limitMs, () => {
    silence.abort(`nothing happened for ${limitMs / 1000} s`);
  });
  try {
    const { exitCode, endedFor } = await runNode(
      [
        '--conditions=gatecast-source',
        '--import=tsx',
        'test/run-browser-tests.ts',
        engine,
        resultFile,
        bundle,
        ...files,
      ],
      {
        onLine: (line) => {
          console.log(`[${engineLabels[engine]}] ${line}`);
        },
        signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
      },
    );
    const how = endedFor ?? `${engineLabels[engine]} ended with exit code ${exitCode}`;
    const { files: ran, ended, unfinished } = readResults(resultFile);
    const results = ran.filter(({ file }) => ended.has(file) || file === unfinished?.file);
    return {
      results: results.map((result) =>
        ended.has(result.file) ? result : { ...result, problems: [`did not finish: ${how}`] },
      ),
      how,
    };
  } finally {
    watch.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs files in one browser after another until each has results. After a crash or hang the next browser runs the
 * remaining files. A browser that does not start is started a second time.
 */
export async function runInBrowsers(
  files: readonly string[],
  run: (files: readonly string[]) => Promise<{ results: readonly FileResults[]; how: string }>,
  signal?: AbortSignal,
): Promise<FileResults[]> {
  const done: FileResults[] = [];
  let open = files;
  let isSecondStart = false;
  while (open.length > 0 && !signal?.aborted) {
    const { results, how } = await run(open);
    const hasStarted = results.some(({ tests }) => tests.length > 0);
    if (!hasStarted && !isSecondStart && !signal?.aborted) {
      console.log('The browser did not start: once more …');
      isSecondStart = true;
      continue;
    }
    const ran = new Set(results.map(({ file }) => file));
    done.push(...results);
    const rest = open.filter((file) => !ran.has(file));
    if (!hasStarted) {
      if (!signal?.aborted)
        done.push(...rest.map((file) => ({ file, tests: [], problems: [`did not run: ${how}`] })));
      break;
    }
    isSecondStart = false;
    open = rest;
  }
  return done;
}

/**
 * Runs `*.browser.test.ts` files on the engines, few browsers at a time: more leave media too little processor time.
 * Files that have not started when `signal` aborts are omitted.
 */
export async function runBrowserTests(
  engines: readonly Engine[],
  filesOn: FilesOn,
  signal?: AbortSignal,
): Promise<Batch[]> {
  const batches: Batch[] = [];
  const files = [...new Set(engines.flatMap(filesOn))];
  const bundle = await bundleBrowserTests(files).catch((error: unknown) => {
    // The browsers then load module by module, and show which test has the error.
    console.error('The browser tests could not be bundled:', error);
    return '';
  });
  for (const turn of planTurns(engines))
    batches.push(
      ...(await Promise.all(turn.map((run) => runOnEngine(run, filesOn(run.engine), bundle, signal)))),
    );
  return batches;
}

async function runOnEngine(
  { engine, shardCount }: EngineRun,
  files: readonly string[],
  bundle: string,
  signal: AbortSignal | undefined,
): Promise<Batch> {
  const label = engineLabels[engine];
  if (!signal?.aborted) console.log(`▸ ${label}: browser tests in ${files.length} files …`);
  const startedMs = performance.now();
  const run = (some: readonly string[]) => runOnce(engine, some, bundle, signal);
  // Each run has its own browser and backend.
  const shards = shareOut(files, shardCount, slowFilesOn(engine)).filter((shard) => shard.length > 0);
  const perShard = await Promise.all(shards.map((shard) => runInBrowsers(shard, run, signal)));
  const results = perShard.flat();
  const seconds = (performance.now() - startedMs) / 1000;
  const mark = results.some(hasFailed) ? '✗' : '✓';
  const line = summaryLine(addTallies(results.map(tallyFile)));
  console.log(`${mark} ${label} (${seconds.toFixed(1)} s): ${line}`);
  return {
    label,
    files: results,
    runAlone: async (file) => {
      const [alone] = await runInBrowsers([file], run, signal);
      return alone ?? { file, tests: [], problems: ['did not run'] };
    },
  };
}
