import type { ExpectationResult } from './expectation.js';

const marks = { holds: '✓', differs: '✗', 'not-checked': '○' } as const;

/** One line for a result, with where the expectation comes from. */
export function formatResult({ title, seen, outcome, detail }: ExpectationResult): string {
  const basis = seen.length > 0 ? `seen: ${seen.join(', ')}` : 'documentation only';
  const words = outcome === 'not-checked' ? `not checked: ${detail}` : detail;
  return `${marks[outcome]} ${title} [${basis}]${words === '' ? '' : `\n    ${redact(words)}`}`;
}

/** The last lines: which client, and how many of each outcome. */
export function formatSummary(
  client: string,
  version: string,
  results: readonly ExpectationResult[],
): string {
  const count = (outcome: ExpectationResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  const documented = results.filter(({ seen, outcome }) => seen.length === 0 && outcome !== 'not-checked');
  return [
    `${client} ${redact(version)}: ${count('holds')} hold, ${count('differs')} differ, ${count('not-checked')} not checked.`,
    `${documented.length} of those that were checked are known from documentation only.`,
  ].join('\n');
}

/** Messages of a client may quote an address with its token. */
function redact(text: string): string {
  return text.replace(/[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g, '[token]').replace(/\?[^\s"']+/g, '?[query]');
}
