import type { CorsOptions } from '../http/cors.js';
import type { Logger } from '../http/logger.js';
import type { Metrics } from '../http/metrics.js';
import type { TokenIssuer } from '../issuer/token-issuer.js';
import type { RateLimiter } from '../limits/rate-limiter.js';
import type { StoreDownPolicy } from '../limits/store-policy.js';
import type { Revocations } from '../revocation/revocations.js';
import type { PlaylistCookie } from './playlist-cookie.js';
import type { ReceiverOptions } from './receivers.js';

export interface PlaylistSignerOptions {
  /** Issues the tokens of segment URLs. Use one that signs without a request to a service, such as `jwtIssuer`. */
  readonly issuer: TokenIssuer;
  /** Cookie that the token endpoint sets; see `createPlaylistCookie`. */
  readonly cookie: PlaylistCookie;
  /** Origins or folders from which playlists are fetched, and whose URLs get tokens. */
  readonly upstreams: readonly string[];
  /**
   * Returns the stream that a playlist URL belongs to. `requested` is the stream that the player asks for. Return another
   * one, or throw a `Problem`, if the URL does not belong to it.
   *
   * @defaultValue `requested`, if the path contains it as file name without `.m3u8` or as folder, or if a playlist of that
   *   stream named the URL; without `requested` the file name
   */
  readonly streamOf?: (url: URL, requested: string | null) => string;
  /**
   * Is the grant of a token revoked? It is asked with the claims `sub` and `jti` and those of the grant on each request.
   * `denyList(store, guard)` is such a function. @defaultValue no revocation
   */
  readonly isRevoked?: (claims: Readonly<Record<string, unknown>>) => boolean | Promise<boolean>;
  /** The same list as that of the token handler: it refuses what is revoked, with its code and reason. @defaultValue no revocation */
  readonly revocations?: Revocations;
  /**
   * Gives AirPlay and Cast receivers addresses of their own: for one stream, as long as the page that asked for one renews it,
   * and never for longer than the page's grant at the last renewal. A receiver’s tokens have the claims and restrictions of that
   * grant, and an id of their own. @defaultValue none
   */
  readonly receivers?: ReceiverOptions | undefined;
  /**
   * Rate limits per user (of the playlist cookie) and per client address (`clientAddress` of the context). Each request
   * counts: playlists, and segments that the signer redirects. @defaultValue no limits
   */
  readonly limits?: { readonly user?: RateLimiter; readonly address?: RateLimiter };
  /** While the store of the limits is down, refuse (`closed`) or allow (`open`) requests. @defaultValue `closed` */
  readonly whenStoreDown?: StoreDownPolicy;
  /**
   * Lifetime of a token in seconds; in a live playlist three target durations, if that is longer. No token ends later than
   * the grant in the cookie. @defaultValue 6
   */
  readonly ttlSeconds?: number | (() => number);
  /** Query parameter for the token. @defaultValue `token` */
  readonly tokenParameter?: string;
  /** Public path of the signer, if a reverse proxy rewrites the path. @defaultValue the path of the request */
  readonly path?: string;
  /** @defaultValue no other origin */
  readonly cors?: CorsOptions;
  /** Time limit of the upstream in milliseconds. @defaultValue 10,000 */
  readonly timeoutMs?: number;
  /** Largest size of a playlist in bytes. @defaultValue 2,097,152 */
  readonly maxBytes?: number;
  /** Largest number of lines of a playlist. @defaultValue 100,000 */
  readonly maxLines?: number;
  /** Largest size of a playlist with its tokens, in characters. @defaultValue 16,777,216 */
  readonly maxOutputLength?: number;
  /** Largest number of redirects to follow. @defaultValue 3 */
  readonly maxRedirects?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** @defaultValue `globalThis.fetch` */
  readonly fetch?: typeof globalThis.fetch;
  /** @defaultValue logs nothing */
  readonly logger?: Logger;
  /** @defaultValue no metrics */
  readonly metrics?: Metrics;
}
