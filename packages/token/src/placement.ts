import type { TokenValue } from './token.js';

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

/**
 * Reads the `token-placement` attribute: `query:<name>`, `header`, `header:<Name>`, `path:<template>`, `cookie`, `none`.
 *
 * A path template is what the path becomes: `{token}` is the token, `{path}` the path as it was, with its leading
 * slash, `{dir}` and `{file}` its two parts. `path:/{token}{path}` turns `/live/a.m3u8` into `/<token>/live/a.m3u8`.
 *
 * @throws TypeError for anything else.
 */
export function parsePlacement(text: string): Placement {
  const [, kind, argument] = /^([a-z]+)(?::(.+))?$/s.exec(text.trim()) ?? [];
  switch (kind) {
    case 'query':
      return { kind, name: argument ?? 'token' };
    case 'header':
      return argument
        ? { kind, name: argument, scheme: '' }
        : { kind, name: 'Authorization', scheme: 'Bearer ' };
    case 'path':
      if (argument?.includes('{token}')) return { kind, template: argument };
      throw new TypeError(
        'token-placement="path:…" needs {token} in its template, for example path:/{token}{path}',
      );
    case 'cookie':
    case 'none':
      return { kind };
    default:
      throw new TypeError(
        'token-placement must be query:<name>, header, header:<Name>, path:<template>, cookie or none',
      );
  }
}

/** Puts a token on a request. What is in the URL already is left as it is, byte for byte: it may be signed. */
export function placeToken(placement: Placement, url: string, value: TokenValue): PlacedRequest {
  switch (placement.kind) {
    case 'query':
      return { url: addQuery(url, queryFields(placement.name, value)), headers: {} };
    case 'header':
      return { url, headers: { [placement.name]: placement.scheme + secretOf(value) } };
    case 'path':
      return { url: fillPath(url, placement.template, secretOf(value)), headers: {} };
    case 'cookie':
    case 'none':
      return { url, headers: {} };
  }
}

/** The one string of a value: the token of a security object, or its JWT. */
export function secretOf(value: TokenValue): string {
  return typeof value === 'string' ? value : (value.jwtoken ?? value.token ?? '');
}

/** A security object travels as its own fields, as the vendor's HLS origins take it. */
function queryFields(name: string, value: TokenValue): [string, string][] {
  if (typeof value === 'string') return [[name, value]];
  if (value.jwtoken) return [[name, value.jwtoken]];
  return Object.entries(value as Record<string, string>).filter(([, field]) => field !== '');
}

function addQuery(url: string, fields: readonly [string, string][]): string {
  const hashAt = url.indexOf('#');
  const fragment = hashAt < 0 ? '' : url.slice(hashAt);
  let rest = hashAt < 0 ? url : url.slice(0, hashAt);
  for (const [name, value] of fields) {
    const pair = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
    const existing = new RegExp(`([?&])${escapeRegExp(encodeURIComponent(name))}=[^&]*`);
    if (existing.test(rest)) rest = rest.replace(existing, (_, separator: string) => separator + pair);
    else rest += (rest.includes('?') ? (/[?&]$/.test(rest) ? '' : '&') : '?') + pair;
  }
  return rest + fragment;
}

function fillPath(url: string, template: string, secret: string): string {
  const [, origin = '', path = '/', rest = ''] = /^([a-z]+:\/\/[^/?#]*)?([^?#]*)(.*)$/is.exec(url) ?? [];
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

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
