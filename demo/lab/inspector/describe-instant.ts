const units: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, lengthMs: number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** Describes a time, for example as `in 12 minutes, at 2026-11-21 22:14:09 UTC`. */
export function describeInstant(atMs: number, nowMs: number): string {
  const offsetMs = atMs - nowMs;
  const [unit, lengthMs] =
    units.find(([, each]) => Math.abs(offsetMs) >= 2 * each) ?? (['second', 1_000] as const);
  const utc = new Date(atMs)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
  return `${relative.format(Math.trunc(offsetMs / lengthMs), unit)}, at ${utc}`;
}
