import { partsFor, splitPath, type TokenPart, type TokenValue } from '@gatecast/contract';
import { createToken } from '../manager/create-token.js';
import type { ManagerContext } from '../manager/manager-context.js';
import { partsOf } from '../source/read-token-item.js';
import { readPlace } from '../source/read-place.js';
import { isSameValue, rememberToken, type Token } from '../source/token.js';
import { isParted } from './place-parts.js';
import type { Placement } from './placement.js';

/** What a response says that is needed to find a token in it. */
export interface OriginAnswer {
  /** Its final address, after redirects. */
  readonly url: string;
  readonly headers: Headers;
}

/** The request as it was sent. */
interface SentRequest {
  readonly url: string;
}

/** The header with a renewed Common Access Token (CTA-5007-B). */
const CAT_HEADER = 'CTA-Common-Access-Token';
/** The names under which Common Access Tokens are sent in a query. */
const CAT_FIELD = /^(?:CAT|CTA-Common-Access-Token)$/i;

/**
 * The token that a media origin has renewed with its response, see {@link renewedValue}.
 *
 * @returns `null` if the response has no other token, or one that cannot be used.
 */
export function renewedToken(
  placement: Placement,
  old: Token,
  sent: SentRequest,
  answer: OriginAnswer,
  context: ManagerContext,
): Token | null {
  const value = renewedValue(placement, old.value, sent, answer);
  if (value === null || isSameValue(old.value, value)) return null;
  rememberToken(value);
  try {
    const token = createToken(old.stream, value, undefined, context, null);
    // An end that cannot be read is as far away as that of the old token was.
    const lifeMs = old.expiresAtMs === null ? null : old.expiresAtMs - old.receivedAtMs;
    const expiresAtMs = token.expiresAtMs ?? (lifeMs === null ? null : token.receivedAtMs + lifeMs);
    return { ...token, expiresAtMs, isRenewedByOrigin: true };
  } catch {
    // An expired token of a cache.
    return null;
  }
}

/**
 * The token that a media origin has renewed with its response: in a header with the name under which the request had it, in the
 * header of Common Access Tokens, or by a redirect to an address with another one. It takes the place of the old one, for the
 * same origins.
 *
 * @returns `null` if the response has no other token.
 */
export function renewedValue(
  placement: Placement,
  value: TokenValue,
  sent: SentRequest,
  answer: OriginAnswer,
): TokenValue | null {
  const used = isParted(value) ? partsFor(value, new URL(sent.url).origin) : partsOf(value);
  // What another origin has written is for that origin, if it has parts of its own.
  if (isParted(value) && answer.url !== '') {
    const ofAnswer = partsFor(value, new URL(answer.url).origin);
    if (ofAnswer.length !== used.length || !ofAnswer.every((part) => used.includes(part))) return null;
  }
  const parts = used.map((part) => renewPart(placement, part, sent, answer));
  if (parts.every((part, index) => part === used[index])) return null;
  if (!isParted(value)) return parts[0]?.token ?? null;
  return { parts: value.parts.map((part) => parts[used.indexOf(part)] ?? part) };
}

function renewPart(
  placement: Placement,
  part: TokenPart,
  sent: SentRequest,
  { url, headers }: OriginAnswer,
): TokenPart {
  const renewed: { token?: string; query?: Record<string, string>; headers?: Record<string, string> } = {};
  const cat = headers.get(CAT_HEADER);
  // As a parser writes them, so that only another value counts, and not another notation of the same.
  const before = new Map(fieldsOf(new URL(sent.url).href));
  const after = url === '' ? [] : fieldsOf(url);
  const inAddress = new Map(after.filter(([name, value]) => before.get(name) !== value));
  for (const [name, value] of Object.entries(part.headers ?? {})) {
    const next = /^authorization$/i.test(name) ? null : headers.get(name);
    if (next && next !== value) renewed.headers = { ...part.headers, ...renewed.headers, [name]: next };
  }
  for (const [name, value] of Object.entries(part.query ?? {})) {
    const next = inAddress.get(name) ?? (CAT_FIELD.test(name) ? cat : null);
    if (next && next !== value) renewed.query = { ...part.query, ...renewed.query, [name]: next };
  }
  if (part.token !== undefined) {
    const next = plainFrom(placement, headers, inAddress) ?? cat;
    if (next && next !== part.token) renewed.token = next;
  }
  return Object.keys(renewed).length > 0 && isUsable(renewed) ? { ...part, ...renewed } : part;
}

/** A token without a place of its own, where the page's placement has put it. */
function plainFrom(placement: Placement, headers: Headers, inAddress: Map<string, string>): string | null {
  if (placement.kind === 'query') {
    const next = inAddress.get(placement.name);
    return next === undefined ? null : decode(next);
  }
  return placement.kind === 'header' && placement.scheme === '' ? headers.get(placement.name) : null;
}

/** `null` for a text with escapes that are not UTF-8. */
function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Can a request carry what the response gave? */
function isUsable({ token, ...fields }: Pick<TokenPart, 'token' | 'query' | 'headers'>): boolean {
  try {
    readPlace({ ...fields, ...(token !== undefined && { headers: { token, ...fields.headers } }) });
    return true;
  } catch {
    return false;
  }
}

/** The fields of a query, as they are written. */
function fieldsOf(url: string): [string, string][] {
  const [query = ''] = splitPath(url)[1].slice(1).split('#', 1);
  return query.split('&').map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
}
