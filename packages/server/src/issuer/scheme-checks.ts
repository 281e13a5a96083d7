import { isNumericDate, looksLikeMilliseconds } from '@gatecast/contract';
import { printable } from '../http/printable.js';
import { Problem } from '../http/problem.js';
import type { SchemeReading } from './issuer-type.js';

/** Times of a token, NumericDate seconds. */
interface TokenTimes {
  readonly startsAt?: number | undefined;
  readonly expiresAt: number;
}

/**
 * Checks the times of a token whose signature is valid.
 *
 * @throws Problem `token-expired`, `token-not-yet-valid`; `token-invalid` for times that are not NumericDates.
 */
export function checkTokenTimes({ startsAt, expiresAt }: TokenTimes, nowMs: number): void {
  if (!isNumericDate(expiresAt) || (startsAt !== undefined && !isNumericDate(startsAt)))
    throw new Problem('token-invalid', 'A time of the token is not in seconds since 1970.');
  if (expiresAt * 1000 <= nowMs) throw new Problem('token-expired', 'The token has expired.');
  if (startsAt !== undefined && startsAt * 1000 > nowMs)
    throw new Problem('token-not-yet-valid', 'The token is not valid yet.');
}

/** The problem of a request without a token of the scheme. */
export function missingToken(scheme: string): Problem {
  return new Problem('token-missing', `The request has no token of ${scheme}.`);
}

/** The problem of a token that its key did not sign. */
export function wrongSignature(): Problem {
  return new Problem('token-invalid', 'The signature of the token is not valid.');
}

/** The problem of a token for another address. */
export function wrongAddress(): Problem {
  return new Problem('token-wrong-stream', 'The token is for another address.');
}

/** The problem of a token that is valid for some viewers: the address of the viewer is not known here. */
export function boundToAddress(): Problem {
  return new Problem('token-invalid', 'The token is bound to an IP address, which cannot be checked here.', {
    hint: 'Verify it at the CDN, or issue a token without the restriction.',
  });
}

/** A time as a token writes it: whole seconds; `undefined` for anything else. */
export function readSeconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

type Field = readonly [name: string, value: string | number | undefined];

/** What a token says: fields without a value are left out, and what a terminal would act upon is escaped. */
export function schemeReading(
  scheme: string,
  given: readonly Field[],
  expiresAt: number | undefined,
  warnings: readonly string[],
): SchemeReading {
  const fields = given.flatMap(([name, value]) =>
    value === undefined ? [] : [{ name: printable(name), value: printable(String(value)) }],
  );
  return {
    scheme,
    fields,
    expiresAt: isNumericDate(expiresAt) ? expiresAt : null,
    warnings: [...warnings.map(printable), ...endWarnings(expiresAt)],
  };
}

function endWarnings(expiresAt: number | undefined): string[] {
  if (expiresAt === undefined) return ['The token has no end that can be read.'];
  return looksLikeMilliseconds(expiresAt) ? ['The end is in milliseconds. Divide it by 1000.'] : [];
}

/** A warning for each field that is there more than once. */
export function duplicateWarnings(pairs: readonly (readonly [string, string])[]): string[] {
  const seen = new Set<string>();
  const twice = new Set(pairs.flatMap(([name]) => (seen.has(name) ? [name] : (seen.add(name), []))));
  return [...twice].map((name) => `The field "${name}" is there more than once.`);
}
