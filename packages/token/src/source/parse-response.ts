import { GatecastError } from '../errors.js';
import { numericDateToMs, type SecurityObject, type TokenValue } from './token.js';

/** Why a token is asked for. */
export type RefreshReason = 'initial' | 'scheduled' | 'rejected' | 'resume' | 'manual';
export type TokenPurpose = 'playback' | 'ingest';

/** Body of a request to a token endpoint. */
export interface TokenRequest {
  readonly purpose: TokenPurpose;
  readonly streams: readonly string[];
  readonly reason: RefreshReason;
}

export interface TokenItem {
  stream: string;
  token?: string;
  security?: SecurityObject;
  /** NumericDate seconds. */
  expiresAt?: number;
}

/** Answer of a token endpoint, and the full form of what a `tokenSource` function may return. */
export interface TokenResponse {
  tokens: TokenItem[];
  /** The backend's time, NumericDate seconds. */
  serverTime?: number;
  /** Playlists by URL, which stand in for the player's first playlist requests. */
  playlists?: Record<string, string>;
}

/** What a `tokenSource` function may return: the full answer, or one of the shapes that existing backends send. */
export type TokenAnswer =
  | TokenResponse
  | string
  | { token: string; expiresAt?: number; serverTime?: number }
  | { security: SecurityObject }
  | { success: boolean; data: { token: string } }
  | { h5live: { security: SecurityObject } };

/** One answer of whatever shape, brought into one. */
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
  'Answer with { "tokens": [{ "stream", "token", "expiresAt" }], "serverTime" }, a bare JWT, or another shape of the token endpoint contract.';

/**
 * Reads any of the answer shapes of the token endpoint contract. A bare token counts for every stream asked for.
 *
 * @throws GatecastError `token-response-invalid`, `token-time-unit`
 */
export function parseTokenResponse(answer: unknown, streams: readonly string[]): ParsedTokenResponse {
  const body = typeof answer === 'string' ? { token: answer } : answer;
  if (!isRecord(body)) throw invalid('The token answer is neither a token nor a JSON object.');

  const base = {
    serverTimeMs: numericDateToMs(body['serverTime'], 'serverTime'),
    playlists: readPlaylists(body['playlists']),
  };
  if ('tokens' in body) {
    if (!Array.isArray(body['tokens'])) throw invalid('"tokens" is not a list.');
    const items = body['tokens'].map((item: unknown) => {
      if (!isRecord(item) || typeof item['stream'] !== 'string')
        throw invalid('An item of "tokens" names no stream.');
      return { stream: item['stream'], ...readItem(item) };
    });
    return { items, ...base };
  }
  const item = readItem(unwrap(body));
  return { items: streams.map((stream) => ({ stream, ...item })), ...base };
}

/** `{ success, data }` and `{ h5live }` are envelopes of the vendor's services. */
function unwrap(body: Record<string, unknown>): Record<string, unknown> {
  if (isRecord(body['h5live'])) return body['h5live'];
  if (!isRecord(body['data'])) return body;
  if (body['success'] === false) throw invalid('The token answer says success: false.');
  return body['data'];
}

function readItem(item: Record<string, unknown>): { value: TokenValue; expiresAt: unknown } {
  const { token, security, expiresAt } = item as { token?: unknown; security?: unknown; expiresAt?: unknown };
  return { value: readTokenValue(isRecord(security) ? security : token), expiresAt };
}

/**
 * Reads a token or security object as a backend or page gives it.
 *
 * @throws GatecastError `token-response-invalid`
 */
export function readTokenValue(value: unknown): TokenValue {
  if (isRecord(value)) return readSecurity(value);
  const token = typeof value === 'string' ? value.trim() : '';
  // A web page in place of a token is the usual sign of a login redirect or a wrong address.
  if (!/^[!#-;=?-~]+$/.test(token)) throw invalid('The token answer holds no token.');
  return token;
}

/** The vendor's client drops numbers without a word, so they become strings here. */
function readSecurity(security: Record<string, unknown>): SecurityObject {
  const strings = Object.entries(security).flatMap(([key, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [[key, String(value)]] : [],
  );
  const result = Object.fromEntries(strings) as SecurityObject;
  if (!result.token && !result.jwtoken)
    throw invalid('The security object holds neither "token" nor "jwtoken".');
  return result;
}

function readPlaylists(value: unknown): Record<string, string> | null {
  if (!isRecord(value)) return null;
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string): GatecastError {
  return new GatecastError('token-response-invalid', message, { hint: SHAPE_HINT });
}
