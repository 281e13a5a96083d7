import { readFileSync, writeFileSync } from 'node:fs';
import type { FaultCase, FaultGroup } from '../cases/fault-case.js';
import { faultGroups } from '../cases/fault-cases.js';
import type { CaseOutcome, PlayerOutcome } from './case-outcome.js';

/** The page that shows the table, and the comments around it. */
const page = new URL('../../../demo/docs/guide/operations.md', import.meta.url);
const [begin, end] = ['<!-- fault matrix: npm run faults -- --docs -->', '<!-- end of the fault matrix -->'];

const whenWords: Record<FaultCase['when'], string> = { start: 'start', playing: 'play', paused: 'pause' };

function back({ backMs, stalledMs }: PlayerOutcome): string {
  if (backMs === null) return '**not in 40 s**';
  return stalledMs === 0 ? 'no stall' : (backMs / 1000).toFixed(1);
}

function row({ title, when, seconds, expect }: FaultCase, { ours, control }: CaseOutcome): string {
  const errors = [...new Set(ours.errors)].map((code) => `\`${code}\``).join(', ');
  const stalls = [ours, control].map(({ stalledMs }) => (stalledMs / 1000).toFixed(1));
  const tokens = [ours, control].map((player) => player.tokens.perMinute);
  const cells = [
    title,
    `${whenWords[when]}, ${seconds}`,
    `${expect?.isFinal ? 'final' : back(ours)} / ${back(control)}`,
    stalls.join(' / '),
    tokens.join(' / '),
    errors || '–',
  ];
  return `| ${cells.join(' | ')} |`;
}

function table({ title, cases }: FaultGroup, outcomes: ReadonlyMap<string, CaseOutcome>): string {
  const rows = cases.flatMap((faultCase) => {
    const outcome = outcomes.get(faultCase.name);
    return outcome ? [row(faultCase, outcome)] : [];
  });
  if (rows.length === 0) return '';
  const head = [
    '| fault | when, s | back after, s | stalled, s | token requests | error shown |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  return [`### ${title}`, '', ...head, ...rows, ''].join('\n');
}

/** Tables of all groups, in Markdown. Of several outcomes of a case the last one counts. */
export function formatTables(outcomes: readonly CaseOutcome[]): string {
  const byName = new Map(outcomes.map((outcome) => [outcome.name, outcome]));
  return faultGroups
    .map((group) => table(group, byName))
    .filter((text) => text !== '')
    .join('\n');
}

/** Replaces the tables in the documentation. @throws Error if the page has no place for them. */
export function writeDocsTables(outcomes: readonly CaseOutcome[]): void {
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error('The operations page has no comments for the fault matrix.');
  const before = text.slice(0, from + begin.length);
  writeFileSync(page, `${before}\n\n${formatTables(outcomes)}\n${text.slice(to)}`);
}
