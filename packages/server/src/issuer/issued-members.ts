import { Problem } from '../http/problem.js';
import { isOrigin } from '../http/require-origin.js';
import type { IssuedToken } from './token-issuer.js';

/** More members of one kind than any scheme needs. Clients refuse a response with more. */
const MAX_MEMBERS = 32;
/** Printable ASCII: a line end would end a header, and clients refuse a space in a query or path. */
const WITHOUT_SPACES = /^[!-~]+$/;
const HEADER_TEXT = /^[ -~]+$/;
/** A field name of RFC 9110 section 5.1. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const SET_COOKIE = /^[\w!#$%&'*+.^`|~-]+=[ -~]*$/;

/**
 * The documented members of an issuer's result. An issuer in plain JavaScript may return anything: what it does not document
 * must not reach the client, and a member that no client can place is a fault of the issuer.
 *
 * @throws Problem `internal`
 */
export function readIssued(result: IssuedToken): IssuedToken {
  const { token, security, query, headers, path, cookie, url, origins, setCookies, expiresAt, tokenId } =
    result;
  const hasSecurity = isRecord(security);
  const members = {
    ...(token !== undefined && { token }),
    ...(hasSecurity && { security }),
    ...(query !== undefined && { query }),
    ...(headers !== undefined && { headers }),
    ...(path !== undefined && { path }),
    ...(cookie !== undefined && { cookie }),
    ...(url !== undefined && { url }),
  };
  if (Object.keys(members).length === 0 || (token !== undefined && hasSecurity)) {
    throw new Problem('internal', 'The issuer returned neither a token nor a security object, or both.', {
      hint: 'Return token, security, query, headers, path, cookie or url from issue().',
    });
  }
  requireMembers({ token, query, headers, path, cookie, url, origins, setCookies });
  return {
    ...members,
    ...(origins !== undefined && { origins }),
    ...(setCookies !== undefined && { setCookies }),
    ...(result.isRenewedInCookie === true && cookie === true && { isRenewedInCookie: true }),
    expiresAt,
    ...(tokenId !== undefined && { tokenId }),
  };
}

/** @throws Problem `internal` with the name of the member, never with its value. */
function requireMembers(members: Readonly<Record<string, unknown>>): void {
  const wrong = Object.entries(members).find(
    ([name, value]) => value !== undefined && !CHECKS[name]?.(value),
  );
  if (wrong === undefined) return;
  throw new Problem('internal', `The issuer returned "${wrong[0]}" in a form that clients do not accept.`, {
    hint: 'Return texts of printable ASCII that are not empty, origins such as "https://cdn.example.com", an http(s) url, and true as cookie.',
  });
}

const CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
  token: (value) => typeof value === 'string' && value !== '',
  query: (value) => isFields(value, /./, WITHOUT_SPACES),
  headers: (value) => isFields(value, HEADER_NAME, HEADER_TEXT),
  path: (value) => typeof value === 'string' && WITHOUT_SPACES.test(value),
  cookie: (value) => value === true,
  url: isAddress,
  origins: (value) => isListOf(value, isOrigin),
  setCookies: (value) => isListOf(value, (each) => SET_COOKIE.test(each)),
};

function isAddress(value: unknown): boolean {
  if (typeof value !== 'string' || !WITHOUT_SPACES.test(value) || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

function isFields(value: unknown, name: RegExp, text: RegExp): boolean {
  const fields = isRecord(value) ? Object.entries(value) : [];
  return (
    fields.length > 0 &&
    fields.length <= MAX_MEMBERS &&
    fields.every(([key, each]) => name.test(key) && typeof each === 'string' && text.test(each))
  );
}

function isListOf(value: unknown, isRight: (text: string) => boolean): boolean {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return (
    items.length > 0 &&
    items.length <= MAX_MEMBERS &&
    items.every((item) => typeof item === 'string' && isRight(item))
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
