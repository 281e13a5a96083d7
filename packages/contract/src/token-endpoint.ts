import type { NumericDate } from './numeric-date.js';
import type { StreamName } from './stream-name.js';

/** Every {@link TokenPurpose}. */
export const tokenPurposes = ['playback', 'ingest'] as const;

/** Every {@link RefreshReason}. */
export const refreshReasons = ['initial', 'scheduled', 'rejected', 'resume', 'manual'] as const;

/**
 * What a token is for: `playback` opens a stream to a viewer, `ingest` lets a publisher send one.
 */
export type TokenPurpose = (typeof tokenPurposes)[number];

/**
 * Why a client asks: `initial` for the first token, `scheduled` for a renewal before the end, `rejected` after an
 * origin refused the token in use, `resume` after sleep or a long pause, `manual` on request of the page.
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
 * A security object of nanocosmos' secure token service (STS), or the `{ jwtoken }` form of the same. All members are
 * strings: the vendor's player ignores numbers.
 */
export interface SecurityObject {
  readonly token?: string;
  /** End of the token: NumericDate seconds, as text. */
  readonly expires?: string;
  readonly tag?: string;
  /** Bit mask of the restrictions that the token is bound to, as text. */
  readonly options?: string;
  /** Playback JWT of nanoPlayer 4.18 and later; takes the place of `token`. */
  readonly jwtoken?: string;
}

/** What an origin or a vendor's client gets to see: a JWT, an opaque string, or a security object. */
export type TokenValue = string | SecurityObject;

/** The token for one stream. It carries `token` or `security`. */
export interface TokenItem {
  /** Name of the stream, as in the request. */
  stream: StreamName;
  /** The token as a string, usually a JWT. */
  token?: string;
  security?: SecurityObject;
  /** End of the token. Without it, clients read the `exp` of a JWT or `security.expires`. */
  expiresAt?: NumericDate;
}

/** Answer of a token endpoint, and the full form of what a `tokenSource` function may return. */
export interface TokenResponse {
  /** One item per stream. A stream that was refused while others were granted has none. */
  tokens: TokenItem[];
  /** The backend's time. With it, clients renew on time although their own clock is wrong. */
  serverTime?: NumericDate;
  /** HLS playlists by URL. They answer the player's first playlist requests. */
  playlists?: Record<string, string>;
}

/** Every answer that clients understand: the full form, or one of the forms that existing backends send. */
export type TokenAnswer =
  | TokenResponse
  | string
  | { token: string; expiresAt?: NumericDate; serverTime?: NumericDate }
  | { security: SecurityObject }
  | { success: boolean; data: { token: string } }
  | { h5live: { security: SecurityObject } };
