import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Engine, isEngine } from '../support/runner/engine.js';
import type { FaultCase } from './cases/fault-case.js';
import { faultCases, faultGroups } from './cases/fault-cases.js';

export interface FaultArguments {
  readonly engine: Engine;
  readonly cases: readonly FaultCase[];
  /** Cases at a time. Each has two players. */
  readonly players: number;
  /** Longest time that a case is watched after its fault, in seconds. */
  readonly watchS: number;
  /** File for the results as JSON. */
  readonly json: string | undefined;
  /** Files with earlier results, which are used instead of a run. */
  readonly from: readonly string[];
  /** Whether the tables of the documentation are replaced. */
  readonly docs: boolean;
  readonly isHelp: boolean;
}

export const usage = `npm run faults -- [--engine firefox] [--only playlist …] [--players 6] [--watch 60] [--json file] [--from file …] [--docs]

Plays one stream under each fault, with our player and with plain hls.js beside it, and prints a table in Markdown.

  --engine   chromium (default), firefox or webkit
  --only     cases or groups whose names begin with this, may be given several times; without it all
  --players  cases at a time; without it three for each processor
  --watch    seconds to wait for playback after a fault, 60 by default
  --json     writes the results to a file as well
  --from     reads results that --json has written, and plays nothing; may be given several times
  --docs     replaces the tables on the operations page of the documentation
  --help     prints this

Groups: ${faultGroups.map(({ name, cases }) => `${name} (${cases.length})`).join(', ')}
Ends with 0 if every case is well or pending, with 1 otherwise, and with 2 for an invalid command line.`;

/** @throws TypeError if the command line is invalid. */
export function parseFaultArguments(args: readonly string[]): FaultArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      engine: { type: 'string', default: 'chromium' },
      only: { type: 'string', multiple: true },
      players: { type: 'string', default: String(3 * availableParallelism()) },
      watch: { type: 'string', default: '60' },
      json: { type: 'string' },
      from: { type: 'string', multiple: true, default: [] },
      docs: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { engine, only, json, from, docs, help: isHelp } = values;
  if (!isEngine(engine)) throw new TypeError('--engine takes chromium, firefox or webkit.');
  return {
    engine,
    cases: chooseCases(only),
    players: wholeNumber('--players', values.players),
    watchS: wholeNumber('--watch', values.watch),
    json,
    from,
    docs,
    isHelp,
  };
}

function chooseCases(only: readonly string[] | undefined): readonly FaultCase[] {
  if (!only) return faultCases;
  const chosen = faultGroups.flatMap((group) =>
    group.cases.filter(({ name }) => only.some((start) => name.startsWith(start) || group.name === start)),
  );
  if (chosen.length === 0) throw new TypeError(`No case has a name like ${only.join(', ')}.`);
  return chosen;
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new TypeError(`${option} takes a number of at least 1.`);
  return number;
}
