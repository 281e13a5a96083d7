import { isNumericDate, looksLikeMilliseconds } from '@gatecast/contract';

/** A time as players read it: seconds since 1970, `undefined` if there is none, or why players refuse the response. */
export function readTime(value: unknown): number | undefined | 'milliseconds' | 'invalid' {
  if (value === undefined || value === null || value === '') return undefined;
  const seconds = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (isNumericDate(seconds)) return seconds;
  return looksLikeMilliseconds(seconds) ? 'milliseconds' : 'invalid';
}

/** What to change about a time that players refuse. */
export function timeHint(time: unknown): string {
  return time === 'milliseconds'
    ? 'The value looks like milliseconds. Divide it by 1000.'
    : 'Send seconds since 1970 (NumericDate).';
}
