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
  const isPlaced = [token, query, headers, path, cookie, url].some((each) => each !== undefined);
  if ((!isPlaced && !hasSecurity) || (token !== undefined && hasSecurity)) {
    throw new Problem('internal', 'The issuer returned neither a token nor a security object, or both.', {
      hint: 'Return token, security, query, headers, path, cookie or url from issue().',
    });
  }
  const issued: Mutable<IssuedToken> = { expiresAt };
  // Each response passes here, and a spread for each member that may be missing takes several times as long.
  if (token !== undefined) issued.token = required('token', token);
  if (hasSecurity) issued.security = security;
  if (query !== undefined) issued.query = required('query', query);
  if (headers !== undefined) issued.headers = required('headers', headers);
  if (path !== undefined) issued.path = required('path', path);
  if (cookie !== undefined) issued.cookie = required('cookie', cookie);
  if (url !== undefined) issued.url = required('url', url);
  if (origins !== undefined) issued.origins = required('origins', origins);
  if (setCookies !== undefined) issued.setCookies = required('setCookies', setCookies);
  if (result.isRenewedInCookie === true && cookie === true) issued.isRenewedInCookie = true;
  if (tokenId !== undefined) issued.tokenId = tokenId;
  return issued;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** @throws Problem `internal` with the name of the member, never with its value. */
function required<Value>(name: keyof typeof CHECKS, value: Value): Value {
  if (CHECKS[name](value)) return value;
  throw new Problem('internal', `The issuer returned "${name}" in a form that clients do not accept.`, {
    hint: 'Return texts of printable ASCII that are not empty, origins such as "https://cdn.example.com", an http(s) url, and true as cookie.',
  });
}

const CHECKS = {
  token: (value: unknown) => typeof value === 'string' && value !== '',
  query: (value: unknown) => isFields(value, /./, WITHOUT_SPACES),
  headers: (value: unknown) => isFields(value, HEADER_NAME, HEADER_TEXT),
  path: (value: unknown) => typeof value === 'string' && WITHOUT_SPACES.test(value),
  cookie: (value: unknown) => value === true,
  url: isAddress,
  origins: (value: unknown) => isListOf(value, isOrigin),
  setCookies: (value: unknown) => isListOf(value, (each) => SET_COOKIE.test(each)),
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
