import type { TokenValue } from '@gatecast/contract';
import { TOKEN_MARKER } from '../known-secrets.js';

/** Where a token goes on a media request. */
export type Placement =
  | { readonly kind: 'query'; readonly name: string }
  | { readonly kind: 'header'; readonly name: string; readonly scheme: string }
  | { readonly kind: 'path'; readonly template: string }
  | { readonly kind: 'cookie' }
  | { readonly kind: 'none' };

/** A request with its token in place. */
export interface PlacedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A field name of RFC 9110 section 5.1. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
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
    throw new TypeError('token-placement="header:…" needs the name of a header, for example header:X-Token');
  }
  if (kind === 'path') {
    if (!argument?.includes('{token}')) {
      throw new TypeError(
        'token-placement="path:…" needs {token} in its template, for example path:/{token}{path}',
      );
    }
    if (ROOTED.test(argument)) return { kind, template: argument };
    throw new TypeError('The template of token-placement="path:…" must begin with "/", {path} or {dir}');
  }
  if (kind === 'cookie' || kind === 'none') return { kind };
  throw new TypeError(
    'token-placement must be query:<name>, header, header:<Name>, path:<template>, cookie or none',
  );
}

/**
 * Adds a token to a request, once: it replaces the marker of an earlier token. The rest of the URL stays byte for byte the
 * same, because it may be signed.
 */
export function placeToken(placement: Placement, given: string, value: TokenValue): PlacedRequest {
  const parts = given.split(TOKEN_MARKER);
  const url = parts.join(encodeURIComponent(secretOf(value)));
  switch (placement.kind) {
    case 'query':
      return { url: addQuery(url, queryFields(placement.name, value)), headers: {} };
    case 'header':
      return { url, headers: { [placement.name]: placement.scheme + secretOf(value) } };
    case 'path':
      // Parts that end in the query are not in the path.
      if (parts.length > 1 && !/[?#]/.test(parts[0] ?? '')) return { url, headers: {} };
      return { url: fillPath(url, placement.template, secretOf(value)), headers: {} };
    case 'cookie':
    case 'none':
      return { url, headers: {} };
  }
}

/** The token as one string: of a security object its JWT, or else its token. */
export function secretOf(value: TokenValue): string {
  return typeof value === 'string' ? value : ([value.jwtoken, value.token].find(Boolean) ?? '');
}

/** A security object is sent as its own fields, as the vendor's HLS origins expect it. */
function queryFields(name: string, value: TokenValue): [string, string][] {
  if (typeof value === 'string') return [[name, value]];
  if (value.jwtoken) return [[name, value.jwtoken]];
  return Object.entries(value as Record<string, string | null | undefined>).flatMap(([key, field]) =>
    field ? [[key, field]] : [],
  );
}

function addQuery(url: string, fields: readonly [string, string][]): string {
  const [, path = '', given, fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(url) ?? [];
  let pairs = (given ?? '').split('&');
  for (const [name, value] of fields) {
    const pair = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
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

/** The decoded name of a pair; `undefined` without a value. */
function nameOf(pair: string): string | undefined {
  const [name = '', value] = pair.split('=');
  try {
    return value === undefined ? value : decodeURIComponent(name);
  } catch {
    return name;
  }
}

function fillPath(url: string, template: string, secret: string): string {
  const [, origin = '', given = '', rest = ''] = /^([a-z]+:\/\/[^/?#]*)?([^?#]*)(.*)$/is.exec(url) ?? [];
  const path = given || '/';
  const fileAt = path.lastIndexOf('/') + 1;
  const values: Record<string, string> = {
    token: encodeURIComponent(secret),
    path,
    dir: path.slice(0, fileAt),
    file: path.slice(fileAt),
  };
  return (
    origin + template.replace(/\{(token|path|dir|file)\}/g, (_, name: string) => values[name] ?? '') + rest
  );
}
