import type { Aim, BenchReport, Table } from './bench-report.js';

/** Formats tables with aligned columns, then each aim with its result. */
export function formatReport({ tables, aims }: BenchReport): string {
  return [...tables.map(formatTable), ...(aims.length > 0 ? [aims.map(formatAim).join('\n')] : [])].join(
    '\n\n',
  );
}

function formatTable({ title, columns, rows }: Table): string {
  const cells = [columns, ...rows].map((row) => row.map(String));
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      // Names to the left, figures to the right.
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  const rule = '-'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [title, lines[0], rule, ...lines.slice(1)].join('\n');
}

function formatAim({ aim, measured, isMet }: Aim): string {
  return `${isMet ? '✓' : '✗'} ${aim}: ${measured}`;
}
