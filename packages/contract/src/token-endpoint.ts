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

/**
 * What a request needs to be accepted, and where it goes. A CDN's scheme needs one of these members or several at once.
 *
 * @example
 * ```ts
 * { query: { Policy: 'eyJTdGF0ZW1lbnQ…', Signature: 'nitfHRCrtziwO…', 'Key-Pair-Id': 'K2JCJMDEHXQW5F' } }
 * ```
 */
export interface TokenFields {
  /**
   * Query fields by name. Values are written as they stand in an address: percent-escapes stay, and only what RFC 3986
   * section 3.4 forbids in a query is encoded.
   */
  readonly query?: Readonly<Record<string, string>>;
  /** Header fields by name. Browsers refuse some, such as `Cookie` and `Host`. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * With a slash at its start, a prefix for the path of the address: `/bcdn_token=…&expires=…`. Without one, a replacement for
   * the path segment that is the name of the stream: the token in `/<token>/manifest/video.m3u8`.
   */
  readonly path?: string;
  /** A cookie of the media origin authorizes the request. `Set-Cookie` of this response or of the origin has set it. */
  readonly cookie?: true;
  /** Signed address of the stream's first playlist. The addresses in that playlist then have tokens of the origin. */
  readonly url?: string;
}

/** A token for the requests to some origins, or to all that the page allows. */
export interface TokenPart extends TokenFields {
  /** The token as a string, usually a JWT. The page's `token-placement` says where it goes. */
  readonly token?: string;
  readonly security?: SecurityObject;
  /**
   * The only origins that may receive it, such as `https://cdn.example.com`. They narrow what the page allows (`src`,
   * `token-origins`), and never add to it. @defaultValue all that the page allows
   */
  readonly origins?: readonly string[];
}

/** All parts of a stream's token: several CDNs may serve one stream, each with a scheme of its own. */
export interface PartedToken {
  readonly parts: readonly TokenPart[];
}

/** A token as the origin or a vendor's client receives it: a JWT, an opaque string, a security object, or parts with a place. */
export type TokenValue = string | SecurityObject | PartedToken;

/**
 * The token for one stream: at least one of `token`, `security`, `query`, `headers`, `path`, `cookie` and `url`. Several items
 * may name one stream, one for each origin.
 */
export interface TokenItem extends TokenPart {
  /** Name of the stream, as in the request. */
  readonly stream: StreamName;
  /**
   * Expiry of the token. Without it, clients read the end that the token itself has: `exp` of a JWT or CWT, `security.expires`,
   * or the documented field of a CDN's scheme. If there are several, the earliest counts. A token without any is used until an
   * origin refuses it.
   */
  readonly expiresAt?: NumericDate;
  /**
   * Seconds from this response to the expiry, as in OAuth 2.0 (RFC 6749 section 5.1). The clock of the device does not matter.
   */
  readonly expires_in?: number;
}

/** A segment that a token endpoint sends after the JSON part of its response (`multipart/mixed`). */
export interface AnnouncedMedia {
  /** Absolute address without a token, as the playlist in the same response names it; also `Content-Location` of the part. */
  readonly url: string;
  /**
   * Its byte range as in `Content-Range` of the part, first and last byte: `0-4095`. @defaultValue the whole resource
   */
  readonly range?: string;
}

/** Response of a token endpoint. A `tokenSource` function may return the same. */
export interface TokenResponse {
  /** One item per stream. Streams that were refused have no item. */
  tokens: TokenItem[];
  /** Signed address of the first playlist of the requested stream. A page that has no `src` plays it. */
  url?: string;
  /** Time of the backend, so that clients refresh on time even if their own clock is wrong. */
  serverTime?: NumericDate;
  /**
   * Does a `GET` of the same address with `Accept: text/event-stream` send events when the access ends or is allowed again? A page
   * may open that stream. @defaultValue false
   */
  push?: boolean;
  /**
   * HLS playlists by URL. The player uses them for its first playlist requests. The URL of the first one is `src` without a
   * token, or `url` without its query and with the name of the stream for a token in its path; the URLs of the others are as the
   * first one names them.
   */
  playlists?: Record<string, string>;
  /**
   * Init segment, if any, and media segment that playback begins with, in the order of the parts that follow in the same
   * `multipart/mixed` response. The player requests those that do not arrive.
   */
  media?: readonly AnnouncedMedia[];
}

/** Every response form that clients accept: the full form, or a form that existing backends send. */
export type TokenAnswer =
  | TokenResponse
  | string
  | { token: string; expiresAt?: NumericDate; expires_in?: number; serverTime?: NumericDate }
  | { access_token: string; expires_at?: NumericDate; expires_in?: number }
  | { security: SecurityObject }
  | { jwtoken: string }
  | { success: boolean; data: { token: string } }
  | SecurityObject
  | (TokenFields & { expiresAt?: NumericDate; serverTime?: NumericDate })
  | { h5live: { security: SecurityObject } };
