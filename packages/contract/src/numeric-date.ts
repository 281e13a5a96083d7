/** Seconds since 1970, fractions allowed: NumericDate of RFC 7519. A time in milliseconds is refused. */
export type NumericDate = number;

/** NumericDate of the year 5138. A larger value is a time in milliseconds. */
export const LARGEST_NUMERIC_DATE = 1e11;

/**
 * Is the value a NumericDate: a number of seconds since 1970, from 0 to 100,000,000,000, fractions allowed?
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-2
 */
export function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= LARGEST_NUMERIC_DATE;
}

/** Does the value look like milliseconds since 1970 instead of seconds? Used for error messages. */
export function looksLikeMilliseconds(value: unknown): value is number {
  return typeof value === 'number' && value > LARGEST_NUMERIC_DATE && value < Infinity;
}

/** The NumericDate of an instant in milliseconds since 1970, rounded down to the whole second. */
export function toNumericDate(atMs: number): number {
  return Math.floor(atMs / 1000);
}
