import { hideSecrets, TOKEN_MARKER } from './known-secrets.js';

// The text may be long and hostile, so every pattern takes linear time: text is first split into runs, and each run is
// matched once.
const URL_RUN = /[^\s"'<>]+/g;
const URL_START = /(?:https?|wss?|rtmps?|blob)(?::|%3a)|^[([]*\//i;
const QUERY_START = /[?#]|%3f/i;
const PAIR = /=|%3d/i;
const JWT_RUN = /[\w.-]{12,}/g;
/** As long as `{"alg":""}`, the shortest header of a JWT, in base64url. A stream name may contain `eyJ` by chance. */
const JWT_START = /eyJ[\w-]{11}/;
const USER_INFO = /(\b(?:https?|wss?|rtmps?):\/\/)[^\s/?#"'<>]+@/gi;
const HEADER = /\b((?:proxy-)?authorization|(?:set-)?cookie)(\\?["']?\s*[=:]\s*\\?["']?)[^"'\\\r\n]+/gi;
// A message may speak of “a bearer token”.
const BEARER = /\b(Bearer\s+)(?!tokens?[.,:;]?(?:\s|$))[^\s"'\\,;]+/gi;
const NAMED =
  /(token|jwt|signature|\bsig|\bhmac|api[-_]?key|password|passwd|secret)(\\?["']?\s*(?:[=:]|%3[ad])\s*\\?["']?)[^\s"'\\&,;<>})]+/gi;
/** A pair in a path, as some CDNs write it: `/hdntl=exp=…~hmac=…/` or `/edge-cache-token=Expires=…&Signature=…/`. */
const PAIR_IN_PATH = /(token|jwt|signature|\bsig|\bhmac)=[^/?#&~]+/gi;
const SECRET_KEY =
  /(?:token|jwt|secret|password|passwd|authorization|cookie|signature|(?:api|private)[-_]?key)$|^(?:security|sig|d|x-bintu-.+)$/i;

/** A word after “token: ” is the next clause of a message. */
const CLAUSE = /^(?:token|jwt): [a-z]{1,9}$/;

/** Objects deeper than this are not shown. */
const MAX_DEPTH = 20;

/** Replaces each secret. */
export const REDACTED = '[redacted]';

/**
 * Text without the tokens of this page, and without JWTs, Bearer values, `token=…` pairs, user info or URL queries.
 *
 * Tokens shorter than 6 characters are not recognised by their value.
 */
export function redactText(text: string): string {
  return redactJwts(redactKnown(text).replace(USER_INFO, '$1').replace(URL_RUN, cutQuery))
    .replace(HEADER, `$1$2${REDACTED}`)
    .replace(BEARER, `$1${REDACTED}`)
    .replace(NAMED, (whole, name: string, separator: string) =>
      CLAUSE.test(whole) || whole.includes(REDACTED.slice(0, -1)) ? whole : name + separator + REDACTED,
    );
}

/** A URL that is safe to show: without query, fragment and user info, and without tokens or JWTs in its path. */
export function redactUrl(url: string): string {
  const safe = redactKnown(url);
  const end = safe.search(QUERY_START);
  const path = (end < 0 ? safe : safe.slice(0, end)).replace(USER_INFO, '$1');
  return redactJwts(path).replace(PAIR_IN_PATH, `$1=${REDACTED}`);
}

/**
 * A deep copy of plain data that is safe to show.
 *
 * Values under names like `token`, `security` or `authorization` are replaced, and {@link redactText} cleans every string.
 * Functions and DOM nodes are dropped. Cycles, binary data, what is more than 20 levels deep, and members that throw are
 * replaced by a word in brackets.
 */
export function redact(value: unknown, seen: ReadonlySet<object> = new Set()): unknown {
  return readSafely(() => redactValue(value, seen));
}

/** The result of a function that may call code of others, or `[unreadable]` if it throws. */
export function readSafely(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return '[unreadable]';
  }
}

function redactValue(value: unknown, seen: ReadonlySet<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return '[circular]';
  if (seen.size >= MAX_DEPTH) return '[too deep]';
  if (ArrayBuffer.isView(value)) return '[binary]';
  const inside = new Set(seen).add(value);
  if (Array.isArray(value)) return value.map((item) => redact(item, inside));
  if (hasToJson(value)) return redact(value.toJSON(), inside);
  if (value instanceof Error) return redactText(`${value.name}: ${value.message}`);
  if (typeof Node !== 'undefined' && value instanceof Node) return undefined;
  return Object.fromEntries(
    Object.keys(value).map((key) => [
      redactText(key),
      readSafely(() => {
        const item: unknown = Reflect.get(value, key);
        return SECRET_KEY.test(key) && canBeSecret(item) ? REDACTED : redact(item, inside);
      }),
    ]),
  );
}

/** Removes the query of anything that looks like a URL or has a query, such as `a.ts?h=…`. */
function cutQuery(run: string): string {
  const at = run.search(QUERY_START);
  if (at < 0) return run;
  const isUrl = URL_START.test(run.slice(0, at)) || PAIR.test(run.slice(at));
  return isUrl ? `${run.slice(0, at)}?${REDACTED}` : run;
}

function redactKnown(text: string): string {
  return hideSecrets(text, REDACTED).replaceAll(TOKEN_MARKER, REDACTED);
}

function redactJwts(text: string): string {
  return text.replace(JWT_RUN, (run) => {
    const at = run.search(JWT_START);
    return at >= 0 && run.includes('.', at) ? run.slice(0, at) + REDACTED : run;
  });
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/** `hasToken: true` and `token: null` are useful and contain no secret. */
function canBeSecret(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== 'boolean';
}
