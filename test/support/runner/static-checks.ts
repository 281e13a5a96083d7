import { runNode } from './run-command.js';
import { addTallies, emptyTally, failedOnce } from './tally.js';
import type { Tally } from './tally.js';

interface StaticCheck {
  readonly name: string;
  readonly args: readonly string[];
  readonly cure: string;
}

/** What has not changed since the last run is not read again; ESLint's rules look across files and have no such memory. */
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

async function runCheck({ name, args, cure }: StaticCheck, signal?: AbortSignal): Promise<Tally> {
  console.log(`▸ ${name} …`);
  const { exitCode, seconds, output } = await runNode(args, {
    capture: true,
    // The tests that run beside it measure how long things take; it does not.
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

/** Format, lint and types, each counted as one test; side by side, since each uses one core. */
export async function runStaticChecks(signal?: AbortSignal): Promise<Tally> {
  return addTallies(await Promise.all(checks.map((check) => runCheck(check, signal))));
}
