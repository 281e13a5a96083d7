/** Algorithms with public keys. Shared secrets are never accepted (RFC 8725 section 3.1). */
const ASYMMETRIC: readonly string[] = ['RS256', 'ES256', 'EdDSA'];
/** A larger difference is a fault of a clock, and would accept tokens long after their end. */
const MOST_TOLERANCE_SECONDS = 3600;

/**
 * In plain JavaScript a wrong option would make the verifier accept more, without an error.
 *
 * @throws TypeError
 */
export function requireOptions(algorithms: readonly string[], longestLife: number, tolerance: number): void {
  if (!Number.isSafeInteger(longestLife) || longestLife <= 0)
    throw new TypeError('longestLifeSeconds must be a whole number of seconds above 0.');
  if (!(Number.isFinite(tolerance) && tolerance >= 0 && tolerance <= MOST_TOLERANCE_SECONDS))
    throw new TypeError(
      `clockToleranceSeconds must be a number of seconds from 0 to ${String(MOST_TOLERANCE_SECONDS)}.`,
    );
  const unknown = algorithms.find((each) => !ASYMMETRIC.includes(each));
  if (unknown !== undefined || algorithms.length === 0)
    throw new TypeError(`algorithms must list some of ${ASYMMETRIC.join(', ')}.`);
}

/**
 * A name instead of an object would be ignored, and a token for any stream accepted.
 *
 * @throws TypeError
 */
export function requireExpected(expected: unknown): void {
  if (typeof expected === 'object' && expected !== null) return;
  throw new TypeError('The second argument of verify must be an object such as { stream: "demo" }.');
}
