const JWT = /\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)*/g;
const URL_QUERY = /(\b(?:https?|wss?|rtmps?|blob):[^\s"'<>?#]*|(?:^|[\s"'(])\/[^\s"'<>?#]*)[?#][^\s"'<>)]*/g;
const USER_INFO = /(\b(?:https?|wss?|rtmps?):\/\/)[^\s/@"'<>]+@/g;
const BEARER = /\b(Bearer\s+)[^\s"',;]+/gi;
const NAMED =
  /\b((?:access_?)?token|jwt|jwtoken|signature|sig|authorization|api[-_]?key|password|secret)(["']?\s*[=:]\s*["']?)[^\s"'&,;})]+/gi;
const SECRET_KEY =
  /^(?:(?:access|id|refresh)?_?token|jwt|jwtoken|authorization|(?:set-)?cookie|(?:x-bintu-)?api[-_]?key|x-bintu-.+|security|secret|password|privatekey|d)$/i;

/** Stands where a secret stood. */
export const REDACTED = '[redacted]';

/** Text without JWTs, Bearer values, `token=…` pairs, user info or URL queries. */
export function redactText(text: string): string {
  return text
    .replace(USER_INFO, '$1')
    .replace(URL_QUERY, `$1?${REDACTED}`)
    .replace(JWT, REDACTED)
    .replace(BEARER, `$1${REDACTED}`)
    .replace(NAMED, (whole, name: string, separator: string) =>
      whole.includes(REDACTED) ? whole : name + separator + REDACTED,
    );
}

/** A URL that is safe to show: without query, fragment and user info, and without JWTs in its path. */
export function redactUrl(url: string): string {
  return url
    .replace(/[?#].*$/s, '')
    .replace(USER_INFO, '$1')
    .replace(JWT, REDACTED);
}

/**
 * A deep copy of plain data that is safe to show.
 *
 * Values under names like `token`, `security` or `authorization` are replaced, every string is passed through
 * {@link redactText}. Functions and DOM nodes are dropped, cycles are cut.
 */
export function redact(value: unknown, seen: ReadonlySet<object> = new Set()): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return '[circular]';
  const inside = new Set(seen).add(value);
  if (Array.isArray(value)) return value.map((item) => redact(item, inside));
  if (value instanceof Error && !('toJSON' in value)) return redactText(`${value.name}: ${value.message}`);
  if ('toJSON' in value && typeof value.toJSON === 'function') return redact(value.toJSON(), inside);
  if (typeof Node !== 'undefined' && value instanceof Node) return undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      SECRET_KEY.test(key) && item !== null && item !== undefined ? REDACTED : redact(item, inside),
    ]),
  );
}
