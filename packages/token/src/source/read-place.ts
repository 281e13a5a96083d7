import type { TokenPart } from '@gatecast/contract';
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
/** A path segment that is a JWT, or fields of a signature. */
const SIGNED_SEGMENT = /^(?:eyJ[\w-]+\.[\w-]+\.[\w-]*|[^/]*=[^/]*)$/;

/**
 * Reads where a token goes: `query`, `headers`, `path`, `cookie`, `url` and `origins`.
 *
 * @returns `null` for an item that has none of them.
 * @throws GatecastError `token-response-invalid`, `token-response-too-large`
 */
export function readPlace(item: Record<string, unknown>): Place | null {
  const { query, headers, path, cookie, url, origins } = item;
  const address = isGiven(url) ? readUrl(url) : null;
  const signed = address && new URL(address).pathname.split('/').find((part) => SIGNED_SEGMENT.test(part));
  const segment = isGiven(path) ? readPath(path) : signed;
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

function readFields(fields: unknown, member: string, name: RegExp, value: RegExp): Record<string, string> {
  if (!isRecord(fields)) throw invalid(`"${member}" of the token response is not an object.`);
  const entries = Object.entries(fields).map(([key, given]): [string, string] => {
    const text = typeof given === 'number' ? String(given) : given;
    if (isTooLong(text) || isTooLong(key)) throw responseTooLarge();
    if (typeof text !== 'string' || !name.test(key) || !value.test(text))
      throw invalid(`"${member}" of the token response has a name or a value that a request cannot have.`);
    return [key, text];
  });
  if (entries.length === 0 || entries.length > MAX_FIELDS)
    throw invalid(`"${member}" of the token response has no fields, or more than ${String(MAX_FIELDS)}.`);
  return Object.fromEntries(entries);
}

function readPath(path: unknown): string {
  if (isTooLong(path)) throw responseTooLarge();
  if (typeof path === 'string' && PATH.test(path) && !DOT_SEGMENT.test(path) && !path.startsWith('//'))
    return path;
  throw invalid('"path" of the token response is not a path.');
}

function readUrl(url: unknown): string {
  if (isTooLong(url)) throw responseTooLarge();
  const base = (globalThis as Partial<typeof globalThis>).document?.baseURI;
  if (typeof url === 'string' && QUERY_TEXT.test(url) && URL.canParse(url, base)) {
    const { protocol, href, username } = new URL(url, base);
    // As it is written, because it may be signed.
    if (/^https?:$/.test(protocol) && username === '') return /^https?:\/\/[^/]/i.test(url) ? url : href;
  }
  throw invalid('"url" of the token response is not an http or https address.');
}

function readOrigins(origins: unknown): string[] {
  const items: unknown[] = Array.isArray(origins) ? origins : [];
  const read = items.map((item) =>
    typeof item === 'string' && /^https?:\/\//i.test(item) && URL.canParse(item)
      ? new URL(item).origin
      : null,
  );
  if (read.length > 0 && read.length <= MAX_FIELDS && !read.includes(null)) return read as string[];
  throw invalid(
    '"origins" of the token response is not a list of origins such as "https://cdn.example.com".',
  );
}
