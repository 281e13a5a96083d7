import { readCookies } from '../http/cookie.js';
import { Problem } from '../http/problem.js';

/** Longer texts are not read. */
const LONGEST = 16_384;

/** The fields of a query, in order, as they are written. A field without `=` has the value `''`. */
export function queryPairs(address: string): [string, string][] {
  const [query = ''] = address.slice(address.indexOf('?') + 1).split('#', 1);
  if (!address.includes('?')) return [];
  return query.split('&').map(pairOf);
}

/** Name and value of a pair, split at the first `=`. */
export function pairOf(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** An address without the named fields of its query. The rest stays as it is written. */
export function withoutFields(address: string, names: readonly string[]): string {
  const at = address.indexOf('?');
  if (at < 0) return address;
  const kept = address
    .slice(at + 1)
    .split('&')
    .filter((pair) => !names.includes(pairOf(pair)[0]));
  return address.slice(0, at) + (kept.length === 0 ? '' : `?${kept.join('&')}`);
}

/**
 * The value of a field that must not be there twice: a CDN may read another of the two than its operator expects.
 *
 * @throws Problem `token-invalid` for a second value, also an equal one.
 */
export function onlyValue(pairs: readonly (readonly [string, string])[], name: string): string | undefined {
  const values = pairs.filter(([each]) => each === name);
  if (values.length > 1)
    throw new Problem('token-invalid', `The request has the field "${name}" more than once.`);
  return values[0]?.[1];
}

/** The values of named cookies, as pairs. */
export function cookiePairs(request: Request, names: readonly string[]): [string, string][] {
  return names.flatMap((name) => readCookies(request, name).map((value): [string, string] => [name, value]));
}

/**
 * The pairs of a text that someone pasted: an address, a query, or a list of cookies. Takes linear time. Empty for texts that
 * are too long.
 */
export function pastedPairs(given: string): [string, string][] {
  if (given.length > LONGEST) return [];
  return given
    .trim()
    .split(/[?&;#\s]+/)
    .filter((part) => part.includes('='))
    .map(pairOf);
}
