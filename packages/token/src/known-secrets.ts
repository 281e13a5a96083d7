/** Replaces our tokens in addresses of playlists. Random, so that no playlist can ask for a token in a place of its choice. */
export const TOKEN_MARKER = `~${Math.random().toString(36).slice(2)}~`;

/** A percent-encoded printable ASCII character. */
const ESCAPE = /%[2-7][\da-f]/gi;

/** Shorter values occur in ordinary text, and others are in no URL or header. */
const SEARCHABLE = /^[ -~]{6,}$/;
/** The same for what is compared without its punctuation. */
const MIN_NEEDLE = 8;
/** Messages shorten addresses: this much of the start of a long value counts as the value. */
const LONG = 16;
const START = 12;
/** A shorter value of a field is the id of a key or the name of a method. */
const SHORTEST_FIELD = 20;
const CAPACITY = 100;
/** A playlist may name the token of its first request for hours. */
const OWN_CAPACITY = 1000;
/** After its expiry a token may still be in an error, and an origin with another clock may still accept it. */
const GRACE_MS = 60_000;

interface KnownSecret {
  readonly forgetAtMs: number;
  /** Is it a field of the query or a header, which has its place by its name? */
  readonly isField: boolean;
  /** The value, percent-encoded. */
  readonly encoded: string;
  /** Letters and digits of the value, and of its base64 after 0, 1 and 2 other bytes. */
  readonly needles: readonly string[];
}

const known = new Map<string, KnownSecret>();
/** Every token of this page, of any length and also after its end, the oldest first. */
const own = new Set<string>();
/** The same for values of fields, which are told apart by their name. */
const ownFields = new Set<string>();

/**
 * Remembers a token, so that no text of this page shows it. It is forgotten one minute after its expiry, or when 100
 * newer ones are known.
 *
 * @param value - not searched for if it is shorter than 6 characters.
 * @param lifeMs - milliseconds until its expiry. @defaultValue unknown
 */
export function rememberSecret(value: string, lifeMs = Infinity): void {
  rememberOwnToken(value);
  if (!SEARCHABLE.test(value)) return;
  remember(value, lifeMs, false);
}

/**
 * Remembers the value of a field that authorizes a request, so that no text of this page shows it. Times, paths and short
 * values are not secret, and stay readable.
 */
export function rememberField(value: string, lifeMs = Infinity): void {
  addNewest(ownFields, value);
  if (value.length < SHORTEST_FIELD || !SEARCHABLE.test(value) || /^(?:\d+$|\/|%2f)/i.test(value)) return;
  if (known.get(value)?.isField !== false) remember(value, lifeMs, true);
}

function remember(value: string, lifeMs: number, isField: boolean): void {
  known.delete(value);
  const forgetAtMs = Date.now() + Math.max(0, lifeMs) + GRACE_MS;
  known.set(value, { forgetAtMs, isField, encoded: encodeURIComponent(value), needles: needlesOf(value) });
  forget();
}

/** Remembers a token for {@link isOwnToken} only. */
export function rememberOwnToken(value: string): void {
  addNewest(own, value);
}

function addNewest(values: Set<string>, value: string): void {
  values.delete(value);
  values.add(value);
  const [oldest] = values;
  if (values.size > OWN_CAPACITY && oldest !== undefined) values.delete(oldest);
}

/** Is this value of a field, as it is written in an address, one that this page has put there? */
export function isOwnField(value: string): boolean {
  return (
    ownFields.has(value) || ownFields.has(value.replace(ESCAPE, decodeURIComponent)) || isOwnToken(value)
  );
}

/**
 * Is this part of an address, as it is written there, one of this page's tokens or the marker of one? In contrast to
 * {@link replaceSecrets}, tokens of any length count, and those of which the end has passed.
 */
export function isOwnToken(part: string): boolean {
  return own.has(part) || own.has(part.replace(ESCAPE, decodeURIComponent)) || part.includes(TOKEN_MARKER);
}

/**
 * Replaces each known token in a text, as it is and percent-encoded. The rest stays byte for byte the same.
 *
 * @param withFields - also values of fields, see {@link rememberField}. @defaultValue false
 */
export function replaceSecrets(text: string, replacement: string, withFields = false): string {
  forget();
  let result = text;
  const values = [...known].filter(([, { isField }]) => withFields || !isField);
  for (const [value, { encoded }] of values)
    for (const form of [value, encoded]) result = result.replaceAll(form, () => replacement);
  // Servers write escapes in lower case, and for other characters.
  const decoded = result.replace(ESCAPE, decodeURIComponent);
  if (decoded !== result)
    for (const [value] of values)
      if (decoded.includes(value)) result = result.replace(escapedForms(value), () => replacement);
  return result;
}

/**
 * Replaces also each word in which a known token has other escapes, of URLs or JSON, or is in base64 or base64url, and
 * what begins like a known token.
 */
export function hideSecrets(text: string, replacement: string): string {
  return hideStarts(replaceSecrets(text, replacement, true), replacement).replace(/\S+/g, (word) => {
    const compared = lettersOf(word);
    const isSecret = [...known.values()].some(({ needles }) =>
      needles.some((needle) => compared.includes(needle)),
    );
    return isSecret ? replacement : word;
  });
}

/** Replaces known tokens without their end, and tokens read as form fields, together with the rest of the word. */
function hideStarts(text: string, replacement: string): string {
  let result = text;
  for (const value of known.keys()) {
    const end = value.length < LONG ? value.length : START;
    for (const write of [String, encodeURIComponent, plusAsBlank]) {
      const [before = '', ...after] = result.split(write(value.slice(0, end)));
      if (after.length === 0) continue;
      const rest = write(value.slice(end));
      result = before;
      for (const part of after) {
        let at = 0;
        while (rest[at] && part[at] === rest[at]) at += 1;
        result += replacement + part.slice(at).replace(/^[^\s"'<>]+/, '');
      }
    }
  }
  return result;
}

function plusAsBlank(text: string): string {
  return text.replaceAll('+', ' ');
}

/** Matches a value in which any character may be percent-encoded. */
function escapedForms(value: string): RegExp {
  const source = value.replace(/./g, (character) => {
    const hex = character.charCodeAt(0).toString(16);
    const escape = '%' + hex.replace(/[a-f]/, (digit) => `[${digit}${digit.toUpperCase()}]`);
    return `(?:\\x${hex}|${escape})`;
  });
  return new RegExp(source, 'g');
}

function forget(): void {
  const nowMs = Date.now();
  for (const [value, { forgetAtMs }] of known)
    if (forgetAtMs < nowMs || known.size > CAPACITY) known.delete(value);
}

function needlesOf(value: string): string[] {
  // The characters at both ends also depend on the bytes beside the value.
  const base64 = [0, 2, 3].map((start, offset) =>
    btoa('\0'.repeat(offset) + value).slice(start, Math.floor(((offset + value.length) * 8) / 6)),
  );
  return [value, ...base64].map(lettersOf).filter((needle) => needle.length >= MIN_NEEDLE);
}

/** Letters and digits, with escapes decoded: what all notations of a value have in common. */
function lettersOf(text: string): string {
  return text
    .replace(/(?:%(?:25)*|\\u00)([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/[^a-z\d]+/gi, '');
}
