import type { Batch } from './run-again.js';

/**
 * The test files that took longest, one a line, to find what a run spends its time on. Files run side by side, so that a
 * duration is not the time that a run without the file would save.
 */
export function slowestFiles(batches: readonly Batch[], count = 15): string[] {
  return batches
    .flatMap(({ label, files }) =>
      files.map(({ file, seconds = 0 }) => ({
        name: label === undefined ? file : `[${label}] ${file}`,
        seconds,
      })),
    )
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${name}`);
}
