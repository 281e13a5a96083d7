import { parseArgs } from 'node:util';
import { engines, isEngine } from './engine.js';
import type { Engine } from './engine.js';

export const steps = ['lint', 'node', 'browser'] as const;

export type Step = (typeof steps)[number];

export interface RunArguments {
  readonly engines: readonly Engine[];
  readonly steps: readonly Step[];
  /** Parts of test file paths; empty means all files. */
  readonly filters: readonly string[];
  /** Whether `*.ci.test.ts` and `*.ci.browser.test.ts` run too. */
  readonly withCiFiles: boolean;
}

export const usage = `npm test -- [--all] [--engine=chromium|firefox|webkit|all] [--only=lint|node|browser] [part of a file path …]

Runs format, lint and types, the tests in Node, and the browser tests on Chromium: about five minutes on two cores.

  --all      run what .ci/run runs: the slow test files (*.ci.test.ts, *.ci.browser.test.ts), too, and all three engines
  --engine   run the browser tests on these engines (comma-separated) instead; one that is missing is a failure.
             ENGINE in the environment does the same.
  --only     run one kind of check
  --help     print this text
  file …     run only the test files whose path contains one of these, slow ones included

A test file that fails runs once more, alone, after all others. What passes then is listed as flaky. After four minutes
of such runs no further one starts: the files that are left count as failed.`;

function isStep(text: string): text is Step {
  return steps.some((step) => step === text);
}

function parseEngines(text: string | undefined, isAll: boolean): readonly Engine[] {
  if (text === undefined || text === '') return isAll ? engines : ['chromium'];
  if (text === 'all') return engines;
  return text.split(',').map((name) => {
    if (!isEngine(name)) throw new TypeError(`--engine=${name}: use ${engines.join(', ')} or all.`);
    return name;
  });
}

function parseSteps(text: string | undefined, hasFilters: boolean): readonly Step[] {
  if (text === undefined) return hasFilters ? ['node', 'browser'] : steps;
  if (!isStep(text)) throw new TypeError(`--only=${text}: use ${steps.join(', ')}.`);
  return [text];
}

/**
 * Reads the command line of `npm test`. Returns 'help' for `--help`.
 * @throws TypeError for an unknown option or value.
 */
export function parseRunArguments(args: readonly string[], env: NodeJS.ProcessEnv): RunArguments | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      engine: { type: 'string' },
      help: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  });
  if (values.help) return 'help';
  return {
    engines: parseEngines(values.engine ?? env['ENGINE'], values.all),
    steps: parseSteps(values.only, positionals.length > 0),
    filters: positionals,
    withCiFiles: values.all || positionals.length > 0,
  };
}
