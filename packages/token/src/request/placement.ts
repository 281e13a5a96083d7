import {
  addQuery,
  encodeInQuery,
  queryFields,
  queryValues,
  splitPath,
  type SecurityObject,
  type TokenValue,
} from '@gatecast/contract';
import { isOwnToken, rememberOwnToken, replaceSecrets, TOKEN_MARKER } from '../known-secrets.js';

/** Where a token goes on a media request. */
export type Placement =
  | { readonly kind: 'query'; readonly name: string }
  | { readonly kind: 'header'; readonly name: string; readonly scheme: string }
  | { readonly kind: 'path'; readonly template: string }
  | { readonly kind: 'cookie' }
  /** No token. `credentials: 'include'` sends the cookies that the origin has set itself. */
  | { readonly kind: 'none'; readonly credentials?: 'include' };

/** A request with its token in place. */
export interface PlacedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A field name of RFC 9110 section 5.1. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** Of what `encodeURIComponent` encodes, what a path segment may contain (RFC 3986 section 3.3). */
const RAW_IN_PATH = /%(?:24|26|2C|3A|3B|3D|40)/g;
/** A template with another start would extend the host name, and send the token to that host. */
const ROOTED = /^(?:\/|\{path\}|\{dir\})/;

/**
 * Reads the `token-placement` attribute: `query:<name>`, `header`, `header:<Name>`, `path:<template>`, `cookie`, `none`.
 *
 * A path template is the new path: `{token}` is the token, `{path}` the original path with its leading slash, `{dir}`
 * and `{file}` its two parts. `path:/{token}{path}` turns `/live/a.m3u8` into `/<token>/live/a.m3u8`.
 *
 * @throws TypeError for anything else.
 */
export function parsePlacement(text: string): Placement {
  const [, kind, argument] = /^([a-z]+)(?::\s*(\S.*))?$/s.exec(text.trim()) ?? [];
  if (kind === 'query') return { kind, name: argument ?? 'token' };
  if (kind === 'header') {
    if (argument === undefined) return { kind, name: 'Authorization', scheme: 'Bearer ' };
    if (HEADER_NAME.test(argument)) return { kind, name: argument, scheme: '' };
  }
  if (kind === 'path' && argument?.includes('{token}') && ROOTED.test(argument))
    return { kind, template: argument };
  if (kind === 'cookie' || kind === 'none') return { kind };
  throw new TypeError(
    'token-placement must be query:<name>, header, header:<Name>, path:<template>, cookie or none. A template has {token}, and must begin with "/", {path} or {dir}.',
  );
}

/**
 * Adds a token to a request, once: it replaces the marker of an earlier token. The rest of the URL stays byte for byte the
 * same, because it may be signed.
 */
export function placeToken(
  placement: Placement,
  given: string,
  value: string | SecurityObject,
): PlacedRequest {
  const [path, rest] = splitPath(given);
  const secret = secretOf(value);
  const url =
    path.replaceAll(TOKEN_MARKER, () => encodeInPath(secret)) +
    rest.replaceAll(TOKEN_MARKER, () => encodeInQuery(secret));
  switch (placement.kind) {
    case 'query':
      return { url: addQuery(url, queryFields(placement.name, value)), headers: {} };
    case 'header': {
      // A value such as `Basic dXNlcjpwdw==` has its own scheme.
      const scheme = secret.includes(' ') ? '' : placement.scheme;
      return { url, headers: { [placement.name]: scheme + secret } };
    }
    case 'path':
      if (path.includes(TOKEN_MARKER)) return { url, headers: {} };
      return { url: fillPath(url, placement.template, secret), headers: {} };
    case 'cookie':
    case 'none':
      return { url, headers: {} };
  }
}

/**
 * The address with the marker where it already contains a token of this page. `null` if it contains another value where the
 * token would go: its origin has written that value, and it stays.
 */
export function markOwnToken(
  placement: Placement,
  url: string,
  value: string | SecurityObject,
): string | null {
  const [path, rest] = splitPath(url);
  if (placement.kind === 'path')
    return path.replace(/[^/;=,]+/g, (part) => (isOwnToken(part) ? TOKEN_MARKER : part)) + rest;
  const name = typeof value === 'string' || value.jwtoken ? undefined : 'token';
  return placedValues(placement, url, name).every((given) => given === '' || isOwnToken(given)) ? url : null;
}

/** Makes the token in an address of the page count as one of its own, which later ones replace. */
export function rememberPlaced(placement: Placement, url: string): void {
  for (const value of placedValues(placement, url)) rememberOwnToken(value);
}

/** An address in which a marker replaces each token of this page, and which keeps the rest, other queries included. */
export function markTokens(url: string): string {
  const marked = url.replace(/=([^&#]+)/g, (pair, value: string) =>
    isOwnToken(value) ? `=${TOKEN_MARKER}` : pair,
  );
  return replaceSecrets(marked, TOKEN_MARKER);
}

/** The values in the query where the token would go, as they are written. */
function placedValues(placement: Placement, url: string, name?: string): string[] {
  if (placement.kind !== 'query') return [];
  return queryValues(url, name ?? placement.name);
}

/** A token without a place of its own, as a vendor's client needs it. `null` if there is none among its parts. */
export function plainToken(value: TokenValue): string | SecurityObject | null {
  if (typeof value === 'string' || !('parts' in value)) return value;
  const [plain = null] = value.parts.flatMap(({ token, security }) => security ?? token ?? []);
  return plain;
}

/** The token as one string: of a security object its JWT, or else its token. Empty for fields that have a place of their own. */
export function secretOf(value: TokenValue): string {
  const plain = plainToken(value) ?? '';
  return typeof plain === 'string' ? plain : ([plain.jwtoken, plain.token].find(Boolean) ?? '');
}

/** Percent-encodes a token, apart from the characters that may stay in a path: some origins read it undecoded. */
function encodeInPath(value: string): string {
  return encodeURIComponent(value).replace(RAW_IN_PATH, decodeURIComponent);
}

function fillPath(url: string, template: string, secret: string): string {
  const [, origin = '', given = '', rest = ''] = /^([a-z]+:\/\/[^/?#]*)?([^?#]*)(.*)$/is.exec(url) ?? [];
  const path = given || '/';
  const fileAt = path.lastIndexOf('/') + 1;
  const values: Record<string, string> = {
    token: encodeInPath(secret),
    path,
    dir: path.slice(0, fileAt),
    file: path.slice(fileAt),
  };
  return (
    origin + template.replace(/\{(token|path|dir|file)\}/g, (_, name: string) => values[name] ?? '') + rest
  );
}
