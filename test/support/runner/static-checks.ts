import { runNode } from './run-command.js';
import { addTallies, emptyTally, failedOnce } from './tally.js';
import type { Tally } from './tally.js';

interface StaticCheck {
  readonly name: string;
  readonly args: readonly string[];
  readonly cure: string;
}

/** Prettier and tsc skip unchanged files. ESLint has rules across files, so it cannot use a cache. */
const checks: readonly StaticCheck[] = [
  {
    name: 'prettier',
    args: [
      'node_modules/prettier/bin/prettier.cjs',
      '--check',
      '--log-level=warn',
      '--cache',
      '--cache-strategy=content',
      '--cache-location=.build/prettier-cache.json',
      '.',
    ],
    cure: 'npm run format',
  },
  {
    name: 'eslint',
    args: ['node_modules/eslint/bin/eslint.js', '-c', '.config/eslint.config.js', '--max-warnings=0', '.'],
    cure: 'npm run lint -- --fix repairs some of it',
  },
  {
    name: 'prose',
    args: ['.config/prose.js'],
    cure: 'npm run prose shows it alone; .config/prose/phrases.js has the list',
  },
  {
    name: 'tsc',
    args: [
      'node_modules/typescript/bin/tsc',
      ...['-p', 'tsconfig.json', '--pretty', 'false'],
      ...['--incremental', '--tsBuildInfoFile', '.build/tsc.tsbuildinfo'],
    ],
    cure: 'npm run typecheck shows it alone',
  },
];

/** Room for young objects: collecting them takes a tenth of the processor time of ESLint and tsc otherwise. */
const MEMORY = '--max-semi-space-size=128';

async function runCheck({ name, args, cure }: StaticCheck, signal?: AbortSignal): Promise<Tally> {
  console.log(`▸ ${name} …`);
  const { exitCode, seconds, output } = await runNode([MEMORY, ...args], {
    capture: true,
    // Low priority, because tests that measure time run in parallel.
    isPatient: true,
    ...(signal && { signal }),
  });
  if (exitCode === 0) {
    console.log(`✓ ${name} (${seconds.toFixed(1)} s)`);
    return { ...emptyTally, passed: 1 };
  }
  if (signal?.aborted) return emptyTally;
  console.log(output.trimEnd());
  console.log(`✗ ${name} (${seconds.toFixed(1)} s) – ${cure}`);
  return failedOnce(name);
}

/** Runs the checks in parallel, because each uses one core. Each counts as one test. */
export async function runStaticChecks(signal?: AbortSignal): Promise<Tally> {
  return addTallies(await Promise.all(checks.map((check) => runCheck(check, signal))));
}
