import type { GatecastError, RenewalReason, SecurityObject, TokenFunction } from '@gatecast/token';

/** A request of a player, for which a stream name is needed. */
export interface StreamRequest {
  /** Absolute address, without a token of this page. */
  readonly url: string;
  /** Address of the playlist or manifest that names it; of a playlist or manifest its own. */
  readonly playlist: string;
  /** What the player requests, if that is known. */
  readonly kind: 'playlist' | 'segment' | 'key' | 'licence' | 'other';
  /** The player's own name of the rendition, where it gives one. */
  readonly rendition?: string | undefined;
}

/** A stream has a new token. */
export interface TokenRefreshed {
  readonly stream: string;
  readonly reason: RenewalReason;
  /** By the server's clock, in milliseconds since the epoch; `null` if the token says no end. */
  readonly expiresAtMs: number | null;
  readonly durationMs: number;
}

/** A token request failed. */
export interface TokenFailed {
  readonly stream: string;
  readonly error: GatecastError;
  /** `null`: it is not tried again until the page acts. */
  readonly willRetryInMs: number | null;
}

/** Where tokens come from, where they go, and which stream a request belongs to. */
export interface TokenOptions {
  /** The token endpoint, relative to the page. */
  readonly tokenUrl?: string | URL | undefined;
  /** For `tokenUrl`. @defaultValue `same-origin` */
  readonly credentials?: RequestCredentials | undefined;
  /** A function that fetches tokens; takes precedence over `tokenUrl`. */
  readonly tokenSource?: TokenFunction | undefined;
  /** A ready token, used first for each stream. */
  readonly token?: string | SecurityObject | undefined;
  /**
   * Name of the stream that a token is requested for, or a function that names it for each request: for tokens of single
   * renditions. @defaultValue the file name of the source without `.m3u8` or `.mpd`
   */
  readonly stream?: string | ((request: StreamRequest) => string) | undefined;
  /** `query:<name>`, `header`, `header:<Name>`, `path:<template>`, `cookie` or `none`. @defaultValue `query:token` */
  readonly placement?: string | undefined;
  /** Further origins that may receive the token, as a list, or as a text with spaces between. @defaultValue only that of the source */
  readonly origins?: string | readonly string[] | undefined;
  /**
   * Share tokens with the other tabs of the origin that have the same key: one of them requests for all. Any text that is another one for
   * each viewer and sign-in. A `tokenSource` takes part if it has `sharedAs`. @defaultValue none, each tab requests for itself
   */
  readonly session?: string | null | undefined;
  /** Send proofs of possession (DPoP, RFC 9449); not with dash.js. @defaultValue false */
  readonly dpop?: boolean | undefined;
  /** Seconds before the end of a token at which it is renewed, at most a quarter of its life. From 0 to 10,000. @defaultValue 60 */
  readonly refreshLeadSeconds?: number | undefined;
  /** Called when a stream has a new token. */
  readonly onTokenRefreshed?: ((event: TokenRefreshed) => void) | undefined;
  /** Called when a token request failed, and when an origin refuses a new token. */
  readonly onTokenFailed?: ((event: TokenFailed) => void) | undefined;
  /** Ends it when it aborts, as `release()` does. */
  readonly signal?: AbortSignal | undefined;
}

/** For players that request licences. */
export interface LicenceOptions {
  /**
   * Where the token goes on requests for licences and certificates, written like `placement`. Their origin must be that of the source,
   * or in `origins`. @defaultValue `header`
   */
  readonly licencePlacement?: string | undefined;
}
