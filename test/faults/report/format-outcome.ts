import type { FaultCase } from '../cases/fault-case.js';
import { pendingCases } from '../cases/pending.js';
import type { CaseOutcome, PlayerOutcome } from './case-outcome.js';
import { judgeCase } from './judge-case.js';

function back({ backMs, stalledMs }: PlayerOutcome): string {
  if (backMs === null) return 'never';
  if (stalledMs === 0) return 'no stall';
  return `${(backMs / 1000).toFixed(1)} s`;
}

/** How many times each error came, as in `source-unreachable ×2`. */
function counted(errors: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const error of errors) counts.set(error, (counts.get(error) ?? 0) + 1);
  return [...counts].map(([error, count]) => (count > 1 ? `${error} ×${count}` : error)).join(', ') || '–';
}

function verdict(name: string, wrong: readonly string[]): string {
  if (wrong.length === 0) return 'well';
  const pending = pendingCases.get(name);
  return `${pending === undefined ? '' : `pending (${pending}): `}${wrong.join('; ')}`;
}

export const tableHead = [
  '| case | fault | when, seconds | back: ours | plain hls.js | stall: ours | plain | error shown | tokens a minute | media a second | |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
].join('\n');

/** One line of the table, in Markdown. */
export function formatOutcome(faultCase: FaultCase, outcome: CaseOutcome): string {
  const { name, title, when, seconds } = faultCase;
  const { ours, control } = outcome;
  const wrong = judgeCase(faultCase, outcome);
  const stall = ({ stalledMs }: PlayerOutcome): string => `${(stalledMs / 1000).toFixed(1)} s`;
  const cells = [
    name,
    title,
    `${when}, ${seconds}`,
    back(ours),
    back(control),
    stall(ours),
    stall(control),
    counted(ours.errors),
    `${ours.tokens.perMinute}, ${control.tokens.perMinute}`,
    `${ours.media.perSecond}, ${control.media.perSecond}`,
    verdict(name, wrong),
  ];
  return `| ${cells.join(' | ')} |`;
}
