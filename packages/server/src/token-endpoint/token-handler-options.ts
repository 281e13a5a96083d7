import type { TokenPurpose } from '@gatecast/contract';
import { dpopOptionNames } from '../dpop/dpop-checker.js';
import { corsOptionNames, type CorsOptions } from '../http/cors.js';
import type { Logger } from '../http/logger.js';
import type { Metrics } from '../http/metrics.js';
import { requireKnownOptions, type OptionNames } from '../http/require-known-options.js';
import type { TokenIssuer } from '../issuer/token-issuer.js';
import {
  concurrentStreamsOptionNames,
  requireConcurrentStreams,
  type ConcurrentStreamsOptions,
} from '../limits/concurrent-streams.js';
import type { RateLimiter } from '../limits/rate-limiter.js';
import type { StoreDownPolicy } from '../limits/store-policy.js';
import { bootstrapOptionNames, type BootstrapOptions } from '../playlist/bootstrap-playlists.js';
import type { PlaylistCookie } from '../playlist/playlist-cookie.js';
import type { Revocations } from '../revocation/revocations.js';
import type { IsRevoked } from './authorize-grant.js';
import type { Authorize } from './authorize.js';
import { pushOptionNames, type PushOptions } from './push-options.js';
import type { DpopMode, TokenDpopOptions } from './token-binding.js';

export interface TokenHandlerOptions {
  /** Issuer for each purpose. At least one is required; requests for the other purpose are refused. */
  readonly issuers: Readonly<Partial<Record<TokenPurpose, TokenIssuer>>>;
  /** Decides which streams a caller may access. Required. */
  readonly authorize: Authorize;
  /**
   * Called with the claims of each granted stream, `jti` is the id of the grant; return `true` to refuse the stream. It only
   * matters if `authorize` sets claims by which you revoke, such as a `jti` of its own. Use the same function for the verifier
   * and the playlist signer; see `denyList`. @defaultValue no check
   */
  readonly isRevoked?: IsRevoked;
  /**
   * Ends access: a revoked user or stream gets no token (`revoked`), and issued JWTs have a `jti` by which verifiers refuse them. See
   * `createRevocations`. @defaultValue no revocation
   */
  readonly revocations?: Revocations;
  /**
   * Tell pages at once when their access ends or is allowed again: `GET` of this endpoint with `Accept: text/event-stream`. Needs
   * `revocations`. @defaultValue false: `GET` gets 405
   */
  readonly push?: boolean | PushOptions;
  /** Other origins whose pages may request tokens. @defaultValue same origin only */
  readonly cors?: CorsOptions;
  /**
   * Rate limits per user (`user` of the result of `authorize`) and per client address (`clientAddress` of the context).
   * Each token counts. IPv6 addresses of the same /64 network count together. @defaultValue no limits
   */
  readonly limits?: { readonly user?: RateLimiter; readonly address?: RateLimiter };
  /** Limit of streams that a user may watch at the same time, per playback session or device. @defaultValue no limit */
  readonly concurrentStreams?: ConcurrentStreamsOptions;
  /** While the store of the limits is down, refuse (`closed`) or allow (`open`) requests. @defaultValue `closed` */
  readonly whenStoreDown?: StoreDownPolicy;
  /** Adds the playlists of the streams to the first response, and also the first media if you want. @defaultValue no playlists */
  readonly bootstrap?: BootstrapOptions;
  /**
   * Sets the cookie of the playlist signer with each response that has playback tokens, and removes refused streams from it.
   *
   * @defaultValue no cookie
   */
  readonly playlistCookie?: PlaylistCookie;
  /**
   * Proof of possession (DPoP, RFC 9449): tokens are bound to the key of the request's proof. Such a response has no
   * playlists, no media and no playlist cookie, because both are for requests without a proof.
   *
   * @defaultValue off: proofs are ignored
   */
  readonly dpop?: DpopMode | TokenDpopOptions;
  /** Largest number of streams in one request. @defaultValue 32 */
  readonly maxStreams?: number;
  /** Largest size of a request body in bytes. @defaultValue 16,384 */
  readonly maxBodyBytes?: number;
  /** Time limit for the request body, in milliseconds. @defaultValue 10,000 */
  readonly bodyTimeoutMs?: number;
  /** Milliseconds since the epoch, for `serverTime`. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** @defaultValue logs nothing */
  readonly logger?: Logger;
  /** @defaultValue no metrics */
  readonly metrics?: Metrics;
}

const optionNames: OptionNames<TokenHandlerOptions> = {
  issuers: { playback: true, ingest: true },
  authorize: true,
  isRevoked: true,
  revocations: true,
  push: pushOptionNames,
  cors: corsOptionNames,
  limits: { user: true, address: true },
  concurrentStreams: concurrentStreamsOptionNames,
  whenStoreDown: true,
  bootstrap: bootstrapOptionNames,
  playlistCookie: true,
  dpop: { ...dpopOptionNames, mode: true },
  maxStreams: true,
  maxBodyBytes: true,
  bodyTimeoutMs: true,
  now: true,
  logger: true,
  metrics: true,
};

/** @throws TypeError if an option is unknown, missing or cannot be used with another one. */
export function requireTokenHandlerOptions(options: TokenHandlerOptions): void {
  requireKnownOptions('createTokenHandler', options, optionNames);
  if (typeof options.authorize !== 'function') {
    throw new TypeError(
      'createTokenHandler needs the option authorize, a function that decides which streams a caller may access.',
    );
  }
  if (!options.issuers.playback && !options.issuers.ingest) {
    throw new TypeError('createTokenHandler needs an issuer. Set issuers.playback or issuers.ingest.');
  }
  if (options.push !== undefined && options.push !== false && !options.revocations)
    throw new TypeError('push of createTokenHandler needs revocations. Create them with createRevocations.');
  if (options.concurrentStreams) requireConcurrentStreams(options.concurrentStreams);
}
