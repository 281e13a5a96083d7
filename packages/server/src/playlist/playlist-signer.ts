import { corsOptionNames } from '../http/cors.js';
import { createCors } from '../http/cors.js';
import { createHandler, type FetchHandler, type HandleContext } from '../http/create-handler.js';
import { silentLogger } from '../http/logger.js';
import { Problem } from '../http/problem.js';
import { textAnswer, type TextAnswer } from '../http/text-response.js';
import { revocationClaims } from '../grant/grant.js';
import { addressKey } from '../limits/address-key.js';
import { missingAddressWarning } from '../limits/missing-address.js';
import { readJsonBody } from '../http/request-body.js';
import { requireBudget, type RateLimiter } from '../limits/rate-limiter.js';
import { withStore, type GuardedStore } from '../limits/store-policy.js';
import { fetchPlaylist, type FetchedPlaylist } from './fetch-playlist.js';
import { GrantTokens } from './grant-tokens.js';
import type { PlaylistGrant } from './playlist-cookie.js';
import { requireNotEnded } from './require-not-ended.js';
import {
  createReceivers,
  readReceiverRequest,
  receiverOptionNames,
  type ReceiverRequest,
} from './receivers.js';
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
 * With the option `receivers`, `POST` opens, renews or ends an address for a receiver, which has no cookie: the same
 * `GET ?url=<playlist>` with the parameter `receiver`, a secret that the page has made up. It is good for one stream, and ends with the grant that the page
 * had at its last renewal at the latest.
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
  const receivers = options.receivers && createReceivers(options.receivers, guard, now);

  async function limit(limiter: RateLimiter | undefined, key: string | undefined): Promise<void> {
    if (!limiter || key === undefined) return;
    await withStore(guard, () => requireBudget(limiter, key, 1), undefined);
  }

  async function limitAddress({ clientAddress }: HandleContext): Promise<void> {
    warnWithoutAddress(clientAddress);
    await limit(limits?.address, clientAddress && addressKey(clientAddress));
  }

  /** @throws Problem if the grant has ended, or has had too many requests. */
  async function requireGrant(grant: PlaylistGrant): Promise<void> {
    await limit(limits?.user, grant.user ?? grant.session);
    await requireNotEnded(grant, options.revocations);
    if (await options.isRevoked?.(revocationClaims(grant)))
      throw new Problem('token-revoked', 'The access to the stream has been revoked.');
  }

  /** The target of a page's request that may be answered now. */
  async function admitPage(
    request: Request,
    context: HandleContext,
    query: URLSearchParams,
  ): Promise<SignerTarget> {
    await limitAddress(context);
    const { grants } = await cookie.read(request, context);
    const target = await links.read(query, grants);
    await requireGrant(target.grant);
    return target;
  }

  /** The target of a receiver's request that may be answered now. */
  async function admitReceiver(
    secret: string,
    context: HandleContext,
    query: URLSearchParams,
  ): Promise<SignerTarget> {
    await limitAddress(context);
    const found = await receivers?.find(secret);
    if (!found) throw noReceivers();
    const { grant, pageGrantId } = found;
    const target = await links.read(query, [grant]);
    await requireGrant(grant);
    // The receiver ends with the page, whose grant has an id of its own.
    await requireNotEnded({ ...grant, id: pageGrantId }, options.revocations);
    if (await options.isRevoked?.(revocationClaims({ ...grant, id: pageGrantId })))
      throw new Problem('token-revoked', 'The access to the stream has been revoked.');
    return target;
  }

  async function answerReceiver(request: Request, context: HandleContext): Promise<TextAnswer> {
    if (!receivers) throw noReceivers();
    const asked: ReceiverRequest = readReceiverRequest(
      await readJsonBody(request, context, { maxBytes: 16_384, timeoutMs: 10_000 }),
    );
    const { url, stream, end } = asked;
    const query = new URLSearchParams({ url, ...(stream !== undefined && { stream }) });
    const { grant } = await admitPage(request, context, query);
    const expiresAt = end ? null : await receivers.renew(asked, grant);
    if (end) await receivers.end(asked, grant);
    const serverTime = Math.floor(now() / 1000);
    return textAnswer(JSON.stringify({ expiresAt, serverTime }), {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      Vary: 'Cookie',
    });
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
    toSigner: (url: URL) => string,
  ): Promise<Pick<PlaylistRewriter, 'media' | 'init'>> {
    const needed = neededSeconds(readPlaylistTimes(text, playlistLimits), readTtlSeconds());
    if (needed > tokens.remainingSeconds(grant)) return { media: toSigner, init: toSigner };
    const token = await tokens.issue(grant, needed);
    // Players fetch an init segment again when its URL changes.
    const initToken = await tokens.share(grant, { ttlSeconds: 2 * needed, remainingSeconds: needed });
    return {
      media: (url) => withTokenQuery(url.href, tokenParameter, token),
      init: (url) => withTokenQuery(url.href, tokenParameter, initToken),
    };
  }

  async function redirectToMedia(
    { url, grant }: SignerTarget,
    added: Readonly<Record<string, string>>,
  ): Promise<Response> {
    const ttlSeconds = readTtlSeconds();
    // Half of the lifetime remains at least, and one signature serves several segments.
    const token = await tokens.share(grant, { ttlSeconds, remainingSeconds: ttlSeconds / 2 });
    const Location = withTokenQuery(url.href, tokenParameter, token);
    return new Response(null, {
      status: 302,
      headers: { Location, 'Cache-Control': 'no-store', Vary: 'Cookie', ...added },
    });
  }

  /**
   * Web receivers such as that of Cast have an origin of their own, and must see a refusal, too. They have no cookie that another
   * page could use.
   */
  function openHeaders(request: Request, secret: string | null): Readonly<Record<string, string>> {
    const isOpen = secret !== null && !('Access-Control-Allow-Origin' in cors.headers(request));
    return isOpen ? { 'Access-Control-Allow-Origin': '*' } : {};
  }

  async function handle(request: Request, context: HandleContext): Promise<Response | TextAnswer> {
    if (request.method === 'POST') return answerReceiver(request, context);
    const query = new URL(request.url).searchParams;
    const secret = query.get('receiver');
    const added = openHeaders(request, secret);
    try {
      return await answer(request, context, query, added);
    } catch (error) {
      throw error instanceof Problem ? withHeaders(error, added) : error;
    }
  }

  async function answer(
    request: Request,
    context: HandleContext,
    query: URLSearchParams,
    added: Readonly<Record<string, string>>,
  ): Promise<Response | TextAnswer> {
    const secret = query.get('receiver');
    const target =
      secret === null
        ? await admitPage(request, context, query)
        : await admitReceiver(secret, context, query);
    if (target.kind === 'media') return redirectToMedia(target, added);
    const fetched = await fetchFrom(target, request.signal);
    // With two slashes at the start, the first folder would be parsed as a host.
    const path = (options.path ?? new URL(request.url).pathname).replace(/^\/+/, '/');
    const { stream } = target.grant;
    const mark = secret === null ? '' : `&receiver=${secret}`;
    const toMedia = (url: URL): string => links.toMedia(path, url, stream) + mark;
    const { media, init } = await mediaWriter(fetched, target.grant, toMedia);
    const ifAllowed =
      (write: (url: URL) => string | Promise<string>) =>
      (url: URL): string | Promise<string> =>
        allowList.has(url) ? write(url) : url.href;
    const rewriter: PlaylistRewriter = {
      media: ifAllowed(media),
      init: ifAllowed(init),
      playlist: ifAllowed(async (url) => (await links.toPlaylist(path, url, stream)) + mark),
    };
    const text = await rewritePlaylist(fetched.text, fetched.url, rewriter, { limits: playlistLimits });
    return textAnswer(text, {
      'Content-Type': 'application/vnd.apple.mpegurl',
      'Cache-Control': 'no-store',
      Vary: 'Cookie',
      ...added,
    });
  }

  const methods = ['GET', 'HEAD', ...(receivers ? ['POST'] : [])];
  const cors = createCors(options.cors, methods);
  return createHandler({ methods, cors, logger, metrics: options.metrics, name: 'playlist-signer', handle });
}

function withHeaders(problem: Problem, added: Readonly<Record<string, string>>): Problem {
  const { code, message, headers, hint, reason, status, retryAfterSeconds, vendorCode, cause } = problem;
  const options = { hint, reason, status, retryAfterSeconds, vendorCode, cause };
  return new Problem(code, message, { ...options, headers: { ...headers, ...added } });
}

function noReceivers(): Problem {
  return new Problem('forbidden', 'The playlist signer has no addresses for receivers.', {
    hint: 'Set the option receivers of createPlaylistSigner.',
  });
}

const optionNames: OptionNames<PlaylistSignerOptions> = {
  issuer: true,
  cookie: true,
  upstreams: true,
  streamOf: true,
  isRevoked: true,
  revocations: true,
  receivers: receiverOptionNames,
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
