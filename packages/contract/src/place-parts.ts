import type { PartedToken, SecurityObject, TokenPart } from './token-endpoint.js';

/** A request with a token in place. */
export interface PlacedParts {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Does a cookie authorize it? */
  readonly withCookie: boolean;
}

/** The request that the parts of a token go into. */
export interface PartsTarget {
  readonly stream: string;
  /** Is it the request for the first playlist of the stream? */
  readonly isEntry: boolean;
  /** Puts a token without a place of its own into the request. `null` if the address has another one there, which stays. */
  placeToken(url: string, value: string | SecurityObject): PlacedParts | null;
  /** Is this value of a query field, as it is written in the address, one of the caller's own? */
  isOwnField(value: string): boolean;
  /** What stands in a path for a token of the caller. @defaultValue none */
  readonly marker?: string;
}

/** Of what `encodeURIComponent` encodes, what a query may contain (RFC 3986 section 3.4). */
const RAW_IN_QUERY = /%(?:24|2C|2F|3A|3B|3D|3F|40)/g;
/** An escape that was encoded once more. */
const ENCODED_ESCAPE = /%25(?=[\da-f]{2})/gi;
/** A path segment that is a JWT, or fields of a signature. */
const SIGNED_SEGMENT = /^(?:eyJ[\w-]+\.[\w-]+\.[\w-]*|[^/]*=[^/]*)$/;

/** The parts for an origin: those that name it, or else those that name none. */
export function partsFor({ parts }: PartedToken, origin: string): readonly TokenPart[] {
  const named = parts.filter(({ origins }) => origins?.includes(origin));
  return named.length > 0 ? named : parts.filter(({ origins }) => !origins);
}

/**
 * The parts for a request, and the signed address that replaces its own.
 *
 * @param isEntry - is it the request for the first playlist? Only that one has a signed address.
 * @param isAllowed - may the origin of a signed address receive other parts? If not, it gets only the address, which the backend
 *   has signed for it.
 */
export function partsOfRequest(
  value: PartedToken,
  url: string,
  isEntry: boolean,
  isAllowed: (url: string) => boolean,
): { readonly parts: readonly TokenPart[]; readonly entry: string | undefined } {
  const all = partsFor(value, new URL(url).origin);
  const entry = isEntry ? all.find((part) => part.url !== undefined)?.url : undefined;
  if (entry === undefined) return { parts: all, entry };
  // It may be at another origin than that of the request.
  const others = isAllowed(entry) ? partsFor(value, new URL(entry).origin) : [];
  return { parts: [{ url: entry }, ...others.map(({ url: _, ...part }) => part)], entry };
}

/**
 * The address of the first playlist that a token names, without what authorizes it: its query, and a token in its path, in whose
 * place the name of the stream is. `null` if it names none.
 */
export function entryOfParts({ parts }: PartedToken, stream: string): string | null {
  const part = parts.find(({ url }) => url !== undefined);
  if (part?.url === undefined) return null;
  const [address] = splitPath(part.url);
  const { path } = part;
  if (path === undefined) return address;
  return path.startsWith('/')
    ? address.replace(path.replace(/\/$/, ''), '')
    : address.replace(path, () => encodeURIComponent(stream));
}

/** The segment of an address's path that is a token, for an item that has no `path`. */
export function signedSegment(url: string): string | undefined {
  return new URL(url).pathname.split('/').find((segment) => SIGNED_SEGMENT.test(segment));
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
    const placed = value === undefined ? null : target.placeToken(url, value);
    if (placed !== null) {
      url = placed.url;
      Object.assign(headers, placed.headers);
      withCookie ||= placed.withCookie;
      isPlaced = true;
    }
    const fields = Object.entries(query ?? {});
    if (fields.length > 0 && (target.isEntry || !hasForeignField(url, fields, target))) {
      url = addQuery(url, fields, true);
      isPlaced = true;
    }
    if (path !== undefined) url = placePath(url, path, target);
    Object.assign(headers, part.headers);
    withCookie ||= cookie === true;
    isPlaced ||= Boolean(part.headers ?? path ?? cookie);
  }
  return isPlaced ? { url, headers, withCookie } : null;
}

/** A security object is sent as its own fields, as the vendor's HLS origins expect it. */
export function queryFields(name: string, value: string | SecurityObject): [string, string][] {
  if (typeof value === 'string') return [[name, value]];
  if (value.jwtoken) return [[name, value.jwtoken]];
  return Object.entries(value as Record<string, string | null | undefined>).flatMap(([key, field]) =>
    field ? [[key, field]] : [],
  );
}

/** The values in the query of an address under a name, as they are written. */
export function queryValues(url: string, name: string): string[] {
  const [query = ''] = splitPath(url)[1].slice(1).split('#', 1);
  const pairs = query.split('&').filter((pair) => nameOf(pair) === name);
  return pairs.map((pair) => pair.slice(pair.indexOf('=') + 1));
}

/**
 * Sets fields of the query, in the place of earlier values with the same name. The rest of the address stays byte for byte the
 * same, because it may be signed.
 *
 * @param keepsEscapes - are values given as they stand in an address? Then percent-escapes in them stay.
 */
export function addQuery(url: string, fields: readonly [string, string][], keepsEscapes = false): string {
  const [, path = '', given, fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(url) ?? [];
  let pairs = (given ?? '').split('&');
  for (const [name, value] of fields) {
    const encoded = encodeInQuery(value);
    const pair = `${encodeURIComponent(name)}=${keepsEscapes ? encoded.replace(ENCODED_ESCAPE, '%') : encoded}`;
    // An origin may take the first of several values.
    if (pairs.some((each) => nameOf(each) === name)) {
      pairs = pairs.map((each) => (nameOf(each) === name ? pair : each));
    } else {
      if (pairs.at(-1) === '') pairs.pop();
      pairs.push(pair);
    }
  }
  return `${path}?${pairs.join('&')}${fragment}`;
}

/** Percent-encodes a value, apart from the characters that may stay in a query: some origins read it undecoded. */
export function encodeInQuery(value: string): string {
  return encodeURIComponent(value).replace(RAW_IN_QUERY, decodeURIComponent);
}

/** Path, with origin; query and fragment. */
export function splitPath(url: string): [string, string] {
  const at = url.search(/[?#]/);
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at)];
}

/** Has an address another value where a field would go? Its origin has written that value, and it stays. */
function hasForeignField(
  url: string,
  fields: readonly [string, string][],
  { isOwnField }: Pick<PartsTarget, 'isOwnField'>,
): boolean {
  const [query = ''] = splitPath(url)[1].slice(1).split('#', 1);
  return query.split('&').some((pair) => {
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const field = fields.find(([each]) => each === name);
    return field !== undefined && value !== '' && value !== field[1] && !isOwnField(value);
  });
}

function placePath(url: string, path: string, { stream, marker }: PartsTarget): string {
  const [given, rest] = splitPath(url);
  if (marker !== undefined && given.includes(marker)) {
    const own = path.replace(/^\/|\/$/g, '');
    return given.replaceAll(marker, () => own) + rest;
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

/** The decoded name of a pair; `undefined` without a value. */
function nameOf(pair: string): string | undefined {
  const [name = '', value] = pair.split('=');
  try {
    return value === undefined ? value : decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Escapes in lower case are the same (RFC 3986 section 2.1). */
function withUpperEscapes(text: string): string {
  return text.replace(/%[\da-f]{2}/gi, (escape) => escape.toUpperCase());
}
