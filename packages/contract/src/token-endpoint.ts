import type { NumericDate } from './numeric-date.js';
import type { StreamName } from './stream-name.js';

/** Every {@link TokenPurpose}. */
export const tokenPurposes = ['playback', 'ingest'] as const;

/** Every {@link RefreshReason}. */
export const refreshReasons = ['initial', 'scheduled', 'rejected', 'resume', 'manual'] as const;

/**
 * Purpose of a token: `playback` lets a viewer watch a stream, `ingest` lets a publisher send one.
 */
export type TokenPurpose = (typeof tokenPurposes)[number];

/**
 * Reason for a token request: `initial` for the first token, `scheduled` for a refresh before the expiry, `rejected` after
 * an origin refused the current token, `resume` after sleep or a long pause, `manual` if the page requested it.
 */
export type RefreshReason = (typeof refreshReasons)[number];

/** Body of a request to a token endpoint. */
export interface TokenRequest {
  readonly purpose: TokenPurpose;
  /** Names of the streams that need a token, each once. */
  readonly streams: readonly StreamName[];
  readonly reason: RefreshReason;
}

/**
 * A security object of nanocosmos' secure token service (STS), or an object with a playback JWT (`jwtoken`). All members are
 * strings: the vendor's player ignores numbers.
 */
export interface SecurityObject {
  readonly token?: string;
  /** Expiry of the token: NumericDate seconds, as a string. Absent or empty for a token without an end. */
  readonly expires?: string;
  readonly tag?: string;
  /** Bit mask of the token's restrictions, as a string. */
  readonly options?: string;
  /** Playback JWT for nanoPlayer 4.18 and later. Replaces `token`. */
  readonly jwtoken?: string;
}

/** A token as the origin or a vendor's client receives it: a JWT, an opaque string, or a security object. */
export type TokenValue = string | SecurityObject;

/** The token for one stream. It has `token` or `security`. */
export interface TokenItem {
  /** Name of the stream, as in the request. */
  stream: StreamName;
  /** The token as a string, usually a JWT. */
  token?: string;
  security?: SecurityObject;
  /**
   * Expiry of the token. Without it, clients read the `exp` of a JWT or `security.expires`. A token with none of them is used
   * until an origin refuses it.
   */
  expiresAt?: NumericDate;
}

/** Response of a token endpoint. A `tokenSource` function may return the same. */
export interface TokenResponse {
  /** One item per stream. Streams that were refused have no item. */
  tokens: TokenItem[];
  /** Time of the backend, so that clients refresh on time even if their own clock is wrong. */
  serverTime?: NumericDate;
  /** HLS playlists by URL. The player uses them for its first playlist requests. */
  playlists?: Record<string, string>;
}

/** Every response form that clients accept: the full form, or a form that existing backends send. */
export type TokenAnswer =
  | TokenResponse
  | string
  | { token: string; expiresAt?: NumericDate; serverTime?: NumericDate }
  | { security: SecurityObject }
  | { jwtoken: string }
  | { success: boolean; data: { token: string } }
  | SecurityObject
  | { h5live: { security: SecurityObject } };
