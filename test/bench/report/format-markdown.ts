import type { BenchReport, Cell, Table } from './bench-report.js';

/** Formats tables as Markdown, each under a heading, then each aim with its result. */
export function formatMarkdown({ tables, aims }: BenchReport): string {
  const results = aims.map(
    ({ aim, measured, isMet }) => `- ${isMet ? 'met' : 'not met'}: ${aim}: ${measured}`,
  );
  return `${[...tables.map(formatTable), ...(results.length > 0 ? [results.join('\n')] : [])].join('\n\n')}\n`;
}

function formatTable({ title, columns, rows }: Table): string {
  // Names to the left, figures to the right.
  const rule = columns.map((_, column) => (column === 0 ? '---' : '--:'));
  return [`## ${title}`, '', ...[columns, rule, ...rows].map(formatRow)].join('\n');
}

function formatRow(cells: readonly Cell[]): string {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}
