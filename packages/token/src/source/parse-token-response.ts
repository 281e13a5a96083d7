import type { SecurityObject, TokenValue } from '@gatecast/contract';
import { GatecastError } from '../errors.js';
import { numericDateToMs, rememberToken } from './token.js';

/** A token response in the one form that the rest of the client reads, whichever form the backend sent. */
export interface ParsedTokenResponse {
  readonly items: readonly {
    readonly stream: string;
    readonly value: TokenValue;
    readonly expiresAt: unknown;
  }[];
  readonly serverTimeMs: number | null;
  readonly playlists: Readonly<Record<string, string>> | null;
}

const SHAPE_HINT =
  'Answer with { "tokens": [{ "stream", "token", "expiresAt" }], "serverTime" }, a bare JWT, or another form that the token endpoint’s documentation lists.';

/** Longest token or member of a security object: servers limit the address and the headers of a request to less. */
const TOKEN_LIMIT = 16_384;

/**
 * Parses every form of token response that the contract lists. A bare token counts for each requested stream.
 *
 * @throws GatecastError `token-response-invalid`, `token-response-too-large`, `token-time-unit`
 */
export function parseTokenResponse(answer: unknown, streams: readonly string[]): ParsedTokenResponse {
  const body = typeof answer === 'string' ? { token: answer } : answer;
  if (!isRecord(body)) throw invalid('The token response is neither a token nor a JSON object.');

  const base = {
    serverTimeMs: numericDateToMs(body['serverTime'], 'serverTime'),
    playlists: readPlaylists(body['playlists']),
  };
  if ('tokens' in body) {
    if (!Array.isArray(body['tokens'])) throw invalid('"tokens" is not an array.');
    const items = body['tokens'].map((item: unknown) => {
      if (!isRecord(item) || typeof item['stream'] !== 'string')
        throw invalid('An item of "tokens" has no "stream".');
      return { stream: item['stream'], ...readItem(item) };
    });
    return { items, ...base };
  }
  const item = readItem(body);
  return { items: streams.map((stream) => ({ stream, ...item })), ...base };
}

/** The vendor's services wrap the token in `{ success, data }`, `{ h5live }` or both. */
function unwrap(body: Record<string, unknown>): Record<string, unknown> {
  if (body['success'] === false) throw invalid('The token response has "success": false.');
  const { expiresAt } = body;
  const data = isRecord(body['data']) ? body['data'] : body;
  return { expiresAt, ...(isRecord(data['h5live']) ? data['h5live'] : data) };
}

function readItem(body: Record<string, unknown>): { value: TokenValue; expiresAt: unknown } {
  const { token, security, jwtoken, expires, tag, options, expiresAt } = unwrap(body);
  if (isRecord(security)) return { value: readTokenValue(security), expiresAt };
  // Only the vendor's security object has these beside a token that is not a JWT. Here it is not wrapped.
  const isBare =
    [tag, options].some((field) => typeof field === 'string') && !String(token).startsWith('eyJ');
  const given = jwtoken ? { jwtoken } : isBare ? { token, expires, tag, options } : token;
  return { value: readTokenValue(given), expiresAt };
}

/**
 * Reads a token or security object from a backend or the page. From here on no message shows it.
 *
 * @throws GatecastError `token-response-invalid`, `token-response-too-large`
 */
export function readTokenValue(given: unknown): TokenValue {
  const value = readValue(given);
  rememberToken(value);
  return value;
}

function readValue(value: unknown): TokenValue {
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

function readPlaylists(value: unknown): Record<string, string> | null {
  if (!isRecord(value)) return null;
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Schemes of `Authorization` that a value may begin with. Any other text with a blank is a page or a message. */
const SCHEME = 'Basic|Bearer|DPoP|Digest|Negotiate|OAuth|PrivateToken|Token|ApiKey';
const TOKEN = new RegExp(`^(?:(?:${SCHEME}) )?[!#-;=?-~]+$`, 'i');

/** An HTML page where the token belongs usually means a login redirect or a wrong URL. Line ends would end a header. */
function isToken(text: string): boolean {
  return TOKEN.test(text);
}

function isTooLong(value: unknown): boolean {
  return typeof value === 'string' && value.length > TOKEN_LIMIT;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string): GatecastError {
  return new GatecastError('token-response-invalid', message, { hint: SHAPE_HINT });
}

export function responseTooLarge(): GatecastError {
  return new GatecastError('token-response-too-large', 'The token response is too large.', {
    hint: 'Answer with at most 4 MiB, and with tokens of at most 16,384 characters.',
  });
}
