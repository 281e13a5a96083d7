import type { CaseResult } from '../cases/case-result.js';

const words: Readonly<Record<CaseResult['outcome'], string>> = {
  passed: 'passed',
  failed: 'FAILED',
  skipped: 'skipped',
};

/** Formats one line of the table, to be printed as soon as the case is over. */
export function formatResult(result: CaseResult): string {
  return [
    result.name.padEnd(15),
    words[result.outcome].padEnd(8),
    stallOf(result).padStart(8),
    recoveryOf(result).padStart(10),
    ` ${remarkOf(result)}`,
  ].join(' ');
}

export const tableHead = ['case'.padEnd(15), 'verdict ', '   stall', ' recovered', ' errors, remarks'].join(
  ' ',
);

export function formatSummary(results: readonly CaseResult[]): string {
  const count = (outcome: CaseResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  const isNothing = results.every(({ outcome }) => outcome === 'skipped');
  return `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped${
    isNothing ? ': nothing was tested' : ''
  }`;
}

/** A run in which every case was skipped is not a success. */
export function isPassed(results: readonly CaseResult[]): boolean {
  return (
    results.every(({ outcome }) => outcome !== 'failed') &&
    results.some(({ outcome }) => outcome === 'passed')
  );
}

function stallOf(result: CaseResult): string {
  if (!('verdict' in result)) return '';
  const { stallCount, stalledMs } = result.verdict;
  return stallCount === 0 ? 'none' : `${(stalledMs / 1000).toFixed(1)} s`;
}

function recoveryOf(result: CaseResult): string {
  if (!('verdict' in result)) return '';
  const { recoveredAfterMs } = result.verdict;
  if (recoveredAfterMs === null) return 'no';
  return recoveredAfterMs === 0 ? 'at once' : `+${(recoveredAfterMs / 1000).toFixed(1)} s`;
}

function remarkOf(result: CaseResult): string {
  if (!('verdict' in result)) return result.words;
  const { errors, complaints } = result.verdict;
  const seen = errors.map(({ code, count }) => (count === 1 ? code : `${code} ×${count}`));
  return [...(seen.length > 0 ? [seen.join(', ')] : []), ...complaints].join('; ');
}
