import { readFileSync, writeFileSync } from 'node:fs';
import { openPageBrowser } from './browser/page-browser.js';
import { findCase } from './cases/fault-cases.js';
import { type FaultArguments, parseFaultArguments, usage } from './fault-arguments.js';
import { writeDocsTables } from './report/docs-table.js';
import { formatOutcome, tableHead } from './report/format-outcome.js';
import { failedCases, summarise } from './report/summarise.js';
import { type FaultResults, runFaults } from './run-faults.js';

function readArguments(): FaultArguments {
  try {
    return parseFaultArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}

/** Results of earlier runs. Of several outcomes of a case the last one counts. */
function readResults(files: readonly string[]): FaultResults {
  const read = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as FaultResults);
  const outcomes = new Map(read.flatMap((results) => results.outcomes).map((one) => [one.name, one]));
  for (const outcome of outcomes.values()) console.log(formatOutcome(findCase(outcome.name), outcome));
  return { outcomes: [...outcomes.values()], problems: read.flatMap(({ problems }) => problems) };
}

async function play({ engine, cases, players, watchS }: FaultArguments): Promise<FaultResults> {
  const browser = await openPageBrowser(engine);
  try {
    return await runFaults({
      browser,
      names: cases.map(({ name }) => name),
      players,
      watchS,
      onOutcome: (outcome) => console.log(formatOutcome(findCase(outcome.name), outcome)),
      onProblem: ({ name, problem }) => console.log(`| ${name} | ${problem} |`),
    });
  } finally {
    await browser.close();
  }
}

const given = readArguments();
if (given.isHelp) {
  console.log(usage);
  process.exit(0);
}
console.log(tableHead);
const results = given.from.length > 0 ? readResults(given.from) : await play(given);
console.log(`\n${summarise(results)}`);
if (given.json !== undefined) writeFileSync(given.json, `${JSON.stringify(results, null, 2)}\n`);
if (given.docs) writeDocsTables(results.outcomes);
process.exitCode = failedCases(results).length > 0 || results.problems.length > 0 ? 1 : 0;
