import type { PartedToken, TokenPart, TokenValue } from '@gatecast/contract';
import { isOwnField, TOKEN_MARKER } from '../known-secrets.js';
import { addQuery, markOwnToken, placeToken, splitPath, type Placement } from './placement.js';

/** Where the parts of a token go. */
export interface PartsTarget {
  /** For parts that are a token without a place of its own. */
  readonly placement: Placement;
  readonly stream: string;
  /** Is it the request for the first playlist of the stream? */
  readonly isEntry: boolean;
}

/** A request with the parts of a token in place. */
export interface PlacedParts {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly withCookie: boolean;
}

/** Does a token say itself where it goes? */
export function isParted(value: TokenValue): value is PartedToken {
  return typeof value === 'object' && 'parts' in value;
}

/** The parts for an origin: those that name it, or else those that name none. */
export function partsFor({ parts }: PartedToken, origin: string): readonly TokenPart[] {
  const named = parts.filter(({ origins }) => origins?.includes(origin));
  return named.length > 0 ? named : parts.filter(({ origins }) => !origins);
}

/**
 * The address of the first playlist, and the parts for its origin, which may be another one than that of the request.
 *
 * @param isAllowed - does the page allow the origin? If not, it gets only the address, which the backend has signed for it.
 */
export function partsWithEntry(value: PartedToken, url: string, isAllowed: boolean): readonly TokenPart[] {
  const others = isAllowed ? partsFor(value, new URL(url).origin) : [];
  return [{ url }, ...others.map(({ url: _, ...part }) => part)];
}

/**
 * The address of the first playlist that a token names, without what authorizes it: its query, and a token in its path, in whose
 * place the name of the stream is. `null` if it names none.
 */
export function entryOf(value: TokenValue, stream: string): string | null {
  if (!isParted(value)) return null;
  const part = value.parts.find(({ url }) => url !== undefined);
  if (part?.url === undefined) return null;
  const [address] = splitPath(part.url);
  const { path } = part;
  if (path === undefined) return address;
  return path.startsWith('/')
    ? address.replace(path.replace(/\/$/, ''), '')
    : address.replace(path, () => encodeURIComponent(stream));
}

/**
 * Adds the parts of a token to a request.
 *
 * @returns `null` if none of them goes into the request: its address has a token that the origin has written.
 */
export function placeParts(
  target: PartsTarget,
  given: string,
  parts: readonly TokenPart[],
): PlacedParts | null {
  let url = given;
  let isPlaced = false;
  let withCookie = false;
  const headers: Record<string, string> = {};
  for (const part of parts) {
    const { token, security, query, path, cookie, url: entry } = part;
    if (entry !== undefined && target.isEntry) {
      url = entry;
      isPlaced = true;
    }
    const value = security ?? token;
    const bare = value === undefined ? null : markOwnToken(target.placement, url, value);
    if (value !== undefined && bare !== null) {
      const placed = placeToken(target.placement, bare, value);
      url = placed.url;
      Object.assign(headers, placed.headers);
      withCookie ||= target.placement.kind === 'cookie';
      isPlaced = true;
    }
    const fields = Object.entries(query ?? {});
    if (fields.length > 0 && (target.isEntry || !hasForeignField(url, fields))) {
      url = addQuery(url, fields, true);
      isPlaced = true;
    }
    if (path !== undefined) url = placePath(url, path, target.stream);
    Object.assign(headers, part.headers);
    withCookie ||= cookie === true;
    isPlaced ||= Boolean(part.headers ?? path ?? cookie);
  }
  return isPlaced ? { url, headers, withCookie } : null;
}

/** Has an address another value where a field would go? Its origin has written that value, and it stays. */
function hasForeignField(url: string, fields: readonly [string, string][]): boolean {
  const [query = ''] = splitPath(url)[1].slice(1).split('#', 1);
  return query.split('&').some((pair) => {
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const field = fields.find(([each]) => each === name);
    return field !== undefined && value !== '' && value !== field[1] && !isOwnField(value);
  });
}

function placePath(url: string, path: string, stream: string): string {
  const [given, rest] = splitPath(url);
  if (given.includes(TOKEN_MARKER)) {
    const own = path.replace(/^\/|\/$/g, '');
    return given.replaceAll(TOKEN_MARKER, () => own) + rest;
  }
  const [, origin = '', segments = ''] = /^([a-z]+:\/\/[^/]*)(.*)$/is.exec(given) ?? [];
  if (path.startsWith('/')) {
    const prefix = path.replace(/\/$/, '');
    // The signed address of the first playlist has it already.
    return segments.startsWith(`${prefix}/`) ? url : `${origin}${prefix}${segments}${rest}`;
  }
  const name = withUpperEscapes(encodeURIComponent(stream));
  const replaced = segments.replace(/[^/]+/g, (segment) =>
    segment === stream || withUpperEscapes(segment) === name ? path : segment,
  );
  return origin + replaced + rest;
}

/** Escapes in lower case are the same (RFC 3986 section 2.1). */
function withUpperEscapes(text: string): string {
  return text.replace(/%[\da-f]{2}/gi, (escape) => escape.toUpperCase());
}
