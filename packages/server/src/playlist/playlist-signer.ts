import { corsOptionNames } from '../http/cors.js';
import { createCors } from '../http/cors.js';
import { createHandler, type FetchHandler, type HandleContext } from '../http/create-handler.js';
import { silentLogger } from '../http/logger.js';
import { Problem } from '../http/problem.js';
import { textAnswer, type TextAnswer } from '../http/text-response.js';
import { revocationClaims } from '../grant/grant.js';
import { addressKey } from '../limits/address-key.js';
import { missingAddressWarning } from '../limits/missing-address.js';
import { requireBudget, type RateLimiter } from '../limits/rate-limiter.js';
import { withStore, type GuardedStore } from '../limits/store-policy.js';
import { fetchPlaylist, type FetchedPlaylist } from './fetch-playlist.js';
import { GrantTokens } from './grant-tokens.js';
import type { PlaylistGrant } from './playlist-cookie.js';
import { requireNotEnded } from './require-not-ended.js';
import { defaultPlaylistLimits, type PlaylistLimits } from './playlist-limits.js';
import { neededSeconds, readPlaylistTimes } from './playlist-times.js';
import { rewritePlaylist, type PlaylistRewriter } from './rewrite-playlist.js';
import { createSignerLinks, type SignerTarget } from './signer-links.js';
import type { PlaylistSignerOptions } from './signer-options.js';
import { withTokenQuery } from './token-query.js';
import { createUpstreamAllowList } from './upstream-allow-list.js';
import { requireKnownOptions, type OptionNames } from '../http/require-known-options.js';

/** Lifetime of the token with which playlists are fetched. Players do not see it, so several reloads use the same one. */
const UPSTREAM_LIFETIME = { ttlSeconds: 60, remainingSeconds: 10 };

/**
 * Creates the playlist signer for native players, which cannot add tokens to requests. `GET ?url=<playlist>` returns the
 * playlist of the upstream. The cookie authenticates the player, and every token is made from the grant in it.
 *
 * In a live playlist, segment, key and init URLs have a short-lived token. Players read a recording only once, so that there
 * these URLs lead to the signer, which redirects each request to the upstream with a new token. It does the same if a token
 * would have to be valid for longer than the grant. URLs of other playlists lead to the signer.
 *
 * Responds with problems: `playlist-cookie-missing`, `playlist-cookie-invalid`, `forbidden`, `token-revoked`, `revoked`, `moved`,
 * `rate-limited`, `upstream-…`, `playlist-…`.
 *
 * @throws TypeError if `upstreams` is empty or has an invalid entry.
 */
export function createPlaylistSigner(options: PlaylistSignerOptions): FetchHandler {
  requireKnownOptions('createPlaylistSigner', options, optionNames);
  const { cookie, limits, logger = silentLogger, now = Date.now, tokenParameter = 'token' } = options;
  const guard: GuardedStore = { policy: options.whenStoreDown ?? 'closed', logger };
  const warnWithoutAddress = missingAddressWarning(limits?.address, logger);
  const playlistLimits: PlaylistLimits = {
    ...defaultPlaylistLimits,
    ...(options.maxLines !== undefined && { maxLines: options.maxLines }),
    ...(options.maxOutputLength !== undefined && { maxOutputLength: options.maxOutputLength }),
  };
  const allowList = createUpstreamAllowList(options.upstreams);
  const links = createSignerLinks({ allowList, cookie, streamOf: options.streamOf });
  const tokens = new GrantTokens(options.issuer, now, options.revocations !== undefined);

  async function limit(limiter: RateLimiter | undefined, key: string | undefined): Promise<void> {
    if (!limiter || key === undefined) return;
    await withStore(guard, () => requireBudget(limiter, key, 1), undefined);
  }

  /** The target of a request that may be answered now. */
  async function admit(request: Request, context: HandleContext): Promise<SignerTarget> {
    const { clientAddress } = context;
    warnWithoutAddress(clientAddress);
    await limit(limits?.address, clientAddress && addressKey(clientAddress));
    const { grants } = await cookie.read(request, context);
    const target = await links.read(new URL(request.url).searchParams, grants);
    const { user, session } = target.grant;
    await limit(limits?.user, user ?? session);
    await requireNotEnded(target.grant, options.revocations);
    if (await options.isRevoked?.(revocationClaims(target.grant)))
      throw new Problem('token-revoked', 'The access to the stream has been revoked.');
    return target;
  }

  async function fetchFrom({ url, grant }: SignerTarget, signal: AbortSignal): Promise<FetchedPlaylist> {
    const token = await tokens.share(grant, UPSTREAM_LIFETIME);
    const authorize = ({ href }: URL) => ({ url: withTokenQuery(href, tokenParameter, token) });
    return fetchPlaylist(url, authorize, {
      allowList,
      fetch: options.fetch ?? globalThis.fetch,
      timeoutMs: options.timeoutMs ?? 10_000,
      maxBytes: options.maxBytes ?? 2_097_152,
      maxRedirects: options.maxRedirects ?? 3,
      signal,
    });
  }

  function readTtlSeconds(): number {
    const { ttlSeconds = 6 } = options;
    return typeof ttlSeconds === 'function' ? ttlSeconds() : ttlSeconds;
  }

  /** How to write the URLs of media: with a token, or as links to the signer. */
  async function mediaWriter(
    { text }: FetchedPlaylist,
    grant: PlaylistGrant,
    path: string,
  ): Promise<Pick<PlaylistRewriter, 'media' | 'init'>> {
    const needed = neededSeconds(readPlaylistTimes(text, playlistLimits), readTtlSeconds());
    if (needed > tokens.remainingSeconds(grant)) {
      const toSigner = (url: URL) => links.toMedia(path, url, grant.stream);
      return { media: toSigner, init: toSigner };
    }
    const token = await tokens.issue(grant, needed);
    // Players fetch an init segment again when its URL changes.
    const initToken = await tokens.share(grant, { ttlSeconds: 2 * needed, remainingSeconds: needed });
    return {
      media: (url) => withTokenQuery(url.href, tokenParameter, token),
      init: (url) => withTokenQuery(url.href, tokenParameter, initToken),
    };
  }

  async function redirectToMedia({ url, grant }: SignerTarget): Promise<Response> {
    const ttlSeconds = readTtlSeconds();
    // Half of the lifetime remains at least, and one signature serves several segments.
    const token = await tokens.share(grant, { ttlSeconds, remainingSeconds: ttlSeconds / 2 });
    const Location = withTokenQuery(url.href, tokenParameter, token);
    return new Response(null, {
      status: 302,
      headers: { Location, 'Cache-Control': 'no-store', Vary: 'Cookie' },
    });
  }

  async function handle(request: Request, context: HandleContext): Promise<Response | TextAnswer> {
    const target = await admit(request, context);
    if (target.kind === 'media') return redirectToMedia(target);
    const fetched = await fetchFrom(target, request.signal);
    // With two slashes at the start, the first folder would be parsed as a host.
    const path = (options.path ?? new URL(request.url).pathname).replace(/^\/+/, '/');
    const { media, init } = await mediaWriter(fetched, target.grant, path);
    const ifAllowed =
      (write: (url: URL) => string | Promise<string>) =>
      (url: URL): string | Promise<string> =>
        allowList.has(url) ? write(url) : url.href;
    const rewriter: PlaylistRewriter = {
      media: ifAllowed(media),
      init: ifAllowed(init),
      playlist: ifAllowed((url) => links.toPlaylist(path, url, target.grant.stream)),
    };
    const text = await rewritePlaylist(fetched.text, fetched.url, rewriter, { limits: playlistLimits });
    return textAnswer(text, {
      'Content-Type': 'application/vnd.apple.mpegurl',
      'Cache-Control': 'no-store',
      Vary: 'Cookie',
    });
  }

  const methods = ['GET', 'HEAD'];
  const cors = createCors(options.cors, methods);
  return createHandler({ methods, cors, logger, metrics: options.metrics, name: 'playlist-signer', handle });
}

const optionNames: OptionNames<PlaylistSignerOptions> = {
  issuer: true,
  cookie: true,
  upstreams: true,
  streamOf: true,
  isRevoked: true,
  revocations: true,
  limits: { user: true, address: true },
  whenStoreDown: true,
  ttlSeconds: true,
  tokenParameter: true,
  path: true,
  cors: corsOptionNames,
  timeoutMs: true,
  maxBytes: true,
  maxLines: true,
  maxOutputLength: true,
  maxRedirects: true,
  now: true,
  fetch: true,
  logger: true,
  metrics: true,
};
