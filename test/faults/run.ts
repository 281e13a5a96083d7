import { writeFile } from 'node:fs/promises';
import { openPageBrowser } from './browser/page-browser.js';
import { findCase } from './cases/fault-cases.js';
import { pendingCases } from './cases/pending.js';
import { type FaultArguments, parseFaultArguments, usage } from './fault-arguments.js';
import type { CaseOutcome } from './report/case-outcome.js';
import { formatOutcome, tableHead } from './report/format-outcome.js';
import { judgeCase } from './report/judge-case.js';
import { runFaults } from './run-faults.js';

function readArguments(): FaultArguments {
  try {
    return parseFaultArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}

function summary(outcomes: readonly CaseOutcome[], problems: number): string {
  const judged = outcomes.map((outcome) => {
    const faultCase = findCase(outcome.name);
    return { faultCase, isWell: judgeCase(faultCase, outcome).length === 0 };
  });
  const named = (pick: (one: (typeof judged)[number]) => boolean): string =>
    judged
      .filter(pick)
      .map(({ faultCase }) => faultCase.name)
      .join(', ') || 'none';
  const isPending = ({ faultCase }: (typeof judged)[number]): boolean => pendingCases.has(faultCase.name);
  return [
    `${judged.filter(({ isWell }) => isWell).length} of ${judged.length} cases are well; ${problems} did not run.`,
    `Failed: ${named((one) => !one.isWell && !isPending(one))}`,
    `Pending: ${named((one) => !one.isWell && isPending(one))}`,
    `Marked as pending, but well: ${named((one) => one.isWell && isPending(one))}`,
  ].join('\n');
}

const { engine, cases, players, watchS, json, isHelp } = readArguments();
if (isHelp) {
  console.log(usage);
  process.exit(0);
}
const browser = await openPageBrowser(engine);
try {
  console.log(tableHead);
  const { outcomes, problems } = await runFaults({
    browser,
    names: cases.map(({ name }) => name),
    players,
    watchS,
    onOutcome: (outcome) => console.log(formatOutcome(findCase(outcome.name), outcome)),
    onProblem: ({ name, problem }) => console.log(`| ${name} | ${problem} |`),
  });
  console.log(`\n${summary(outcomes, problems.length)}`);
  if (json !== undefined)
    await writeFile(json, `${JSON.stringify({ engine, outcomes, problems }, null, 2)}\n`);
  const hasFailed = outcomes.some((outcome) => {
    const faultCase = findCase(outcome.name);
    return !pendingCases.has(faultCase.name) && judgeCase(faultCase, outcome).length > 0;
  });
  process.exitCode = hasFailed || problems.length > 0 ? 1 : 0;
} finally {
  await browser.close();
}
