import { signedSegment, type TokenPart } from '@gatecast/contract';
import { invalid, isRecord, isTooLong, responseTooLarge } from './response-faults.js';

/** What an item says about where its token goes. */
type Place = Omit<TokenPart, 'token' | 'security'>;

/** A field name of RFC 9110 section 5.1. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** Printable ASCII. Line ends would end a header. */
const HEADER_VALUE = /^[ -~]+$/;
const QUERY_TEXT = /^[!-~]+$/;
/** Without query, fragment and dot segments, also encoded ones, which servers and browsers remove. */
const PATH = /^[!"$-.0->@-[\]-~/]+$/;
const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?:$|\/)/i;
/** More fields than any scheme needs. */
const MAX_FIELDS = 32;
/**
 * Reads where a token goes: `query`, `headers`, `path`, `cookie`, `url` and `origins`.
 *
 * @returns `null` for an item that has none of them.
 * @throws GatecastError `token-response-invalid`, `token-response-too-large`
 */
export function readPlace(item: Record<string, unknown>): Place | null {
  const { query, headers, path, cookie, url, origins } = item;
  const address = isGiven(url) ? readUrl(url) : null;
  const segment = isGiven(path) ? readPath(path) : address && signedSegment(address);
  const place: Place = {
    ...(isGiven(query) && { query: readFields(query, 'query', /./, QUERY_TEXT) }),
    ...(isGiven(headers) && { headers: readFields(headers, 'headers', HEADER_NAME, HEADER_VALUE) }),
    ...(segment && { path: segment }),
    ...(cookie === true && { cookie }),
    ...(address && { url: address }),
    ...(isGiven(origins) && { origins: readOrigins(origins) }),
  };
  return Object.keys(place).length > 0 ? place : null;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** An empty text for what is not a text, such as an object that cannot be converted to one. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** @throws GatecastError unless a member is as it must be. */
function check(member: string, isRight: boolean, rule: string): void {
  if (!isRight) throw invalid(`"${member}" of the token response is not ${rule}.`);
}

function readFields(fields: unknown, member: string, name: RegExp, value: RegExp): Record<string, string> {
  const given = isRecord(fields) ? Object.entries(fields) : [];
  const texts = given.map(([key, text]) => [key, typeof text === 'number' ? String(text) : text] as const);
  if (texts.flat().some(isTooLong)) throw responseTooLarge();
  const isRight = texts.every(
    ([key, text]) => name.test(key) && typeof text === 'string' && value.test(text),
  );
  const isCounted = texts.length > 0 && texts.length <= MAX_FIELDS;
  check(
    member,
    isRight && isCounted,
    `an object of 1 to ${String(MAX_FIELDS)} fields that a request can have`,
  );
  return Object.fromEntries(texts) as Record<string, string>;
}

function readPath(path: unknown): string {
  if (isTooLong(path)) throw responseTooLarge();
  const text = textOf(path);
  check('path', PATH.test(text) && !DOT_SEGMENT.test(text) && !text.startsWith('//'), 'a path');
  return text;
}

function readUrl(url: unknown): string {
  if (isTooLong(url)) throw responseTooLarge();
  const text = textOf(url);
  const base = (globalThis as Partial<typeof globalThis>).document?.baseURI;
  const parsed = QUERY_TEXT.test(text) && URL.canParse(text, base) ? new URL(text, base) : null;
  check('url', /^https?:/.test(parsed?.href ?? '') && parsed?.username === '', 'an http or https address');
  // As it is written, because it may be signed.
  return /^https?:\/\/[^/]/i.test(text) ? text : (parsed?.href ?? '');
}

function readOrigins(origins: unknown): string[] {
  const items: unknown[] = Array.isArray(origins) ? origins : [];
  const texts = items.map((item) => (URL.canParse(textOf(item)) ? new URL(textOf(item)).origin : ''));
  const isRight =
    texts.length > 0 && texts.length <= MAX_FIELDS && texts.every((text) => /^https?:/.test(text));
  check('origins', isRight, 'a list of origins such as "https://cdn.example.com"');
  return texts;
}
