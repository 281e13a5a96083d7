import type { SecurityObject, TokenPart, TokenValue } from '@gatecast/contract';
import { invalid, isRecord, isTooLong, responseTooLarge } from './response-faults.js';
import { readPlace } from './read-place.js';
import { numericDateToMs, rememberToken } from './token.js';

/** About three years. A longer life is probably a time, or in milliseconds. */
const LONGEST_LIFE_SECONDS = 1e8;

/** What an item says of one token. */
interface ReadItem {
  readonly value: TokenValue;
  /** Not checked yet. */
  readonly expiresAt: unknown;
  /** Milliseconds from the response to its end; `null` if the item does not say it. */
  readonly lifeMs: number | null;
}

/** The vendor's services wrap the token in `{ success, data }`, `{ h5live }` or both. */
function unwrap(body: Record<string, unknown>): Record<string, unknown> {
  if (body['success'] === false) throw invalid('The token response has "success": false.');
  const { expiresAt } = body;
  const data = isRecord(body['data']) ? body['data'] : body;
  return { expiresAt, ...(isRecord(data['h5live']) ? data['h5live'] : data) };
}

/**
 * Reads one item of a token response.
 *
 * @throws GatecastError `token-response-invalid`, `token-response-too-large`, `token-time-unit`
 */
export function readItem(body: Record<string, unknown>): ReadItem {
  const item = unwrap(body);
  const { expires_at, expiresAt = expires_at, expiresIn, expires_in = expiresIn } = item;
  // OAuth 2.0 (RFC 6749 section 5.1). A time is refused like milliseconds.
  const life = (expires_in as number) > LONGEST_LIFE_SECONDS ? Infinity : expires_in;
  const lifeMs = numericDateToMs(life, 'expires_in');
  const times = { expiresAt, lifeMs };
  const place = readPlace(item);
  if (!place) return { value: readTokenValue(plainToken(item)), ...times };
  const plain = plainToken(item);
  const value = plain === undefined || plain === '' ? null : readValue(plain);
  const parted = {
    parts: [{ ...(typeof value === 'string' ? { token: value } : value && { security: value }), ...place }],
  };
  if (Object.keys(parted.parts[0] ?? {}).every((name) => name === 'origins'))
    throw invalid('An item of the token response has "origins", but no token.');
  rememberToken(parted);
  return { value: parted, ...times };
}

/** What an item has as its token, without a place: a string or a security object. */
function plainToken(item: Record<string, unknown>): unknown {
  const { accessToken, access_token = accessToken, token = access_token } = item;
  const { security, jwtoken, expires, tag, options } = item;
  if (isRecord(security)) return security;
  // Only the vendor's security object has these beside a token that is not a JWT. Here it is not wrapped.
  const isBare =
    [tag, options].some((field) => typeof field === 'string') && !String(token).startsWith('eyJ');
  return jwtoken ? { jwtoken } : isBare ? { token, expires, tag, options } : token;
}

/**
 * Reads a token or security object from a backend or the page. From here on no message shows it.
 *
 * @throws GatecastError `token-response-invalid`, `token-response-too-large`
 */
export function readTokenValue(given: unknown): TokenValue {
  if (isRecord(given)) {
    if (Array.isArray(given['parts']))
      return { parts: given['parts'].flatMap((part) => partsOf(readItem(isRecord(part) ? part : {}).value)) };
    if (readPlace(given)) return readItem(given).value;
  }
  const value = readValue(given);
  rememberToken(value);
  return value;
}

/** The parts of a token; a token without a place is one part. */
export function partsOf(value: TokenValue): readonly TokenPart[] {
  if (typeof value === 'string') return [{ token: value }];
  return 'parts' in value ? value.parts : [{ security: value }];
}

function readValue(value: unknown): string | SecurityObject {
  if (isRecord(value)) return readSecurity(value);
  if (isTooLong(value)) throw responseTooLarge();
  const token = typeof value === 'string' ? value.trim() : '';
  if (!isToken(token)) throw invalid('The token response contains no token.');
  return token;
}

/** The vendor's client ignores numbers, so they become strings here. */
function readSecurity(security: Record<string, unknown>): SecurityObject {
  const strings = Object.entries(security).flatMap(([key, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [[key, String(value)]] : [],
  );
  const result = Object.fromEntries(strings) as SecurityObject;
  if (!result.token && !result.jwtoken)
    throw invalid('The security object has neither "token" nor "jwtoken".');
  if (Object.values(result).some(isTooLong)) throw responseTooLarge();
  if (![result.token, result.jwtoken].every((token) => !token || isToken(token)))
    throw invalid('The token of the security object has characters that a token cannot have.');
  return result;
}

/** Schemes of `Authorization` that a value may begin with. Any other text with a blank is a page or a message. */
const SCHEME = 'Basic|Bearer|DPoP|Digest|Negotiate|OAuth|PrivateToken|Token|ApiKey';
const TOKEN = new RegExp(`^(?:(?:${SCHEME}) )?[!#-;=?-~]+$`, 'i');

/** An HTML page where the token belongs usually means a login redirect or a wrong URL. Line ends would end a header. */
function isToken(text: string): boolean {
  return TOKEN.test(text);
}
