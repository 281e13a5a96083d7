import { findCase } from '../cases/fault-cases.js';
import { pendingCases } from '../cases/pending.js';
import type { FaultResults } from '../run-faults.js';
import type { CaseOutcome } from './case-outcome.js';
import { judgeCase } from './judge-case.js';

function isWell(outcome: CaseOutcome): boolean {
  return judgeCase(findCase(outcome.name), outcome).length === 0;
}

/** Names of the cases that failed and are not pending. */
export function failedCases({ outcomes }: FaultResults): string[] {
  return outcomes.filter((one) => !isWell(one) && !pendingCases.has(one.name)).map(({ name }) => name);
}

/** A few lines about a run. */
export function summarise(results: FaultResults): string {
  const { outcomes, problems } = results;
  const list = (names: readonly string[]): string => names.join(', ') || 'none';
  const pending = outcomes.filter(({ name }) => pendingCases.has(name));
  return [
    `${outcomes.filter(isWell).length} of ${outcomes.length} cases are well; ${problems.length} did not run.`,
    `Failed: ${list(failedCases(results))}`,
    `Pending: ${list(pending.filter((one) => !isWell(one)).map(({ name }) => name))}`,
    `Marked as pending, but well: ${list(pending.filter(isWell).map(({ name }) => name))}`,
  ].join('\n');
}
