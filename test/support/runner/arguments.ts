import { parseArgs } from 'node:util';
import { engines, isEngine } from './engine.js';
import type { Engine } from './engine.js';

export const steps = ['lint', 'node', 'browser'] as const;

export type Step = (typeof steps)[number];

export interface RunArguments {
  /** The engines asked for by name, or undefined for those that are found. */
  readonly engines: readonly Engine[] | undefined;
  readonly steps: readonly Step[];
  /** Parts of test file paths; empty means all files. */
  readonly filters: readonly string[];
}

export const usage = `npm test -- [--engine=chromium|firefox|webkit|all] [--only=lint|node|browser] [part of a file path …]

  --engine   run the browser tests on these engines (comma-separated), and fail when one is missing;
             without it, on every engine found. ENGINE in the environment does the same.
  --only     run one kind of check
  file …     run only the test files whose path contains one of these`;

function isStep(text: string): text is Step {
  return steps.some((step) => step === text);
}

function parseEngines(text: string | undefined): readonly Engine[] | undefined {
  if (text === undefined || text === '') return undefined;
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
 * Reads the command line of `npm test`.
 * @throws TypeError when an option is unknown or its value is.
 */
export function parseRunArguments(args: readonly string[], env: NodeJS.ProcessEnv): RunArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { engine: { type: 'string' }, only: { type: 'string' } },
  });
  return {
    engines: parseEngines(values.engine ?? env['ENGINE']),
    steps: parseSteps(values.only, positionals.length > 0),
    filters: positionals,
  };
}
