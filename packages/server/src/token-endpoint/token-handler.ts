import { corsOptionNames } from '../http/cors.js';
import { concurrentStreamsOptionNames } from '../limits/concurrent-streams.js';
import { bootstrapOptionNames } from '../playlist/bootstrap-playlists.js';
import { dpopOptionNames } from '../dpop/dpop-checker.js';
import {
  toNumericDate,
  type TokenItem,
  type TokenPurpose,
  type TokenRequest,
  type TokenResponse,
} from '@gatecast/contract';
import type { TokenIssuer } from '../issuer/token-issuer.js';
import { addressKey } from '../limits/address-key.js';
import { missingAddressWarning } from '../limits/missing-address.js';
import { requireBudget, type RateLimiter } from '../limits/rate-limiter.js';
import { withStore, type GuardedStore, type StoreDownPolicy } from '../limits/store-policy.js';
import { silentLogger, type Logger } from '../http/logger.js';
import { silentMetrics, type MediaResult, type Metrics } from '../http/metrics.js';
import {
  createBootstrap,
  type BootstrapAnswer,
  type BootstrapOptions,
} from '../playlist/bootstrap-playlists.js';
import type { FirstMedia, OpenMedia } from '../playlist/first-media/first-media.js';
import { Problem } from '../http/problem.js';
import { requireConcurrentStreams, type ConcurrentStreamsOptions } from '../limits/concurrent-streams.js';
import { acceptedMedia } from './accepted-media.js';
import { authorizeGrant, cookieChange, refusedCaller, type IsRevoked } from './authorize-grant.js';
import { countStreams } from './count-streams.js';
import type { Authorize } from './authorize.js';
import { createCors, type CorsOptions } from '../http/cors.js';
import { createHandler, type FetchHandler, type HandleContext } from '../http/create-handler.js';
import type { Grant } from '../grant/grant.js';
import { entryOf, issueTokens } from './issue-tokens.js';
import type { PlaylistCookie, PlaylistCookieChange } from '../playlist/playlist-cookie.js';
import { mediaResponse } from './media-answer.js';
import { readJsonBody } from '../http/request-body.js';
import { requireKnownOptions, type OptionNames } from '../http/require-known-options.js';
import { textAnswer } from '../http/text-response.js';
import { createTokenBinding, type DpopMode, type TokenDpopOptions } from './token-binding.js';
import { parseTokenRequest } from './parse-token-request.js';

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

/**
 * Creates the token endpoint: `POST` with `{ purpose, streams, reason }` returns `{ tokens, serverTime }` with one token per
 * stream. Errors are `application/problem+json` (RFC 9457).
 *
 * @example
 * ```ts
 * const tokens = createTokenHandler({
 *   issuers: { playback: jwtIssuer({ keys }) },
 *   authorize: async (request) => Boolean(await readSession(request)),
 * });
 * ```
 * @throws TypeError if an option is unknown, `authorize` is missing, there is no issuer, or a CORS origin, `maxConcurrent` or the option
 *   `dpop` is invalid.
 */
export function createTokenHandler(options: TokenHandlerOptions): FetchHandler {
  requireOptions(options);
  const { issuers, limits, concurrentStreams, playlistCookie, maxStreams = 32, now = Date.now } = options;
  const { logger = silentLogger, metrics = silentMetrics } = options;
  const authorization = { authorize: options.authorize, isRevoked: options.isRevoked, logger };
  const bodyLimits = { maxBytes: options.maxBodyBytes ?? 16_384, timeoutMs: options.bodyTimeoutMs ?? 10_000 };
  const guard: GuardedStore = { policy: options.whenStoreDown ?? 'closed', logger };
  const warnWithoutAddress = missingAddressWarning(limits?.address, logger);
  const binding = createTokenBinding(options.dpop, issuers, now);
  const bootstrap = options.bootstrap && createBootstrap(options.bootstrap);

  /** Headers of each response with tokens. */
  const tokenHeaders = {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    ...(bootstrap?.media && { Vary: 'Accept' }),
  };

  function limit(limiter: RateLimiter, key: string, points: number): Promise<void> {
    return withStore(guard, () => requireBudget(limiter, key, points), undefined);
  }

  /** Also after a refusal: another user of the browser must not keep the streams of the one before. */
  async function changePlaylistCookie(
    request: Request,
    context: HandleContext,
    change: PlaylistCookieChange,
  ) {
    const setCookie = await playlistCookie?.cookie(request, change, context);
    if (typeof setCookie === 'string') context.setCookies.push(setCookie);
  }

  async function grantFor(request: Request, question: TokenRequest, context: HandleContext): Promise<Grant> {
    try {
      return await authorizeGrant(authorization, request, question, context.requestId);
    } catch (error) {
      if (error instanceof Problem && (error.status === 401 || error.status === 403))
        await changePlaylistCookie(request, context, refusedCaller);
      throw error;
    }
  }

  async function issueCounted(grant: Grant, issuer: TokenIssuer, request: Request, context: HandleContext) {
    const { purpose, user, streams, device } = grant;
    if (limits?.user && user !== undefined) await limit(limits.user, user, streams.length);
    const bound = await binding?.bind(request, issuer);
    const issued = await issueTokens(bound?.issuer ?? issuer, grant, request, now);
    const isCounted = concurrentStreams && purpose === 'playback' && user !== undefined;
    const session = isCounted
      ? await countStreams(concurrentStreams, guard, grant, issued, now(), request, context)
      : device;
    return { bound, issued, session };
  }

  const onMedia = (result: MediaResult, bytes: number): void => metrics.mediaAnswered?.(result, bytes);

  function openMedia(
    media: FirstMedia,
    { playlists, started }: BootstrapAnswer,
    request: Request,
    user: string | undefined,
  ): readonly OpenMedia[] {
    const accepted = acceptedMedia(request.headers.get('Accept'));
    const opened = !accepted
      ? 'not-accepted'
      : started
        ? media.open(started, playlists, { user, ...accepted })
        : 'no-playlist';
    if (typeof opened !== 'string') return opened;
    onMedia(opened, 0);
    return [];
  }

  async function handle(request: Request, context: HandleContext) {
    const { clientAddress, requestId } = context;
    const question = parseTokenRequest(await readJsonBody(request, context, bodyLimits), maxStreams);
    const { purpose, streams, reason } = question;
    // Before authorize, which may query a database.
    warnWithoutAddress(clientAddress);
    if (limits?.address && clientAddress !== undefined)
      await limit(limits.address, addressKey(clientAddress), streams.length);
    const issuer = issuers[purpose];
    if (!issuer)
      throw new Problem(
        'purpose-unsupported',
        `This endpoint issues no tokens for the purpose "${purpose}".`,
      );
    const grant = await grantFor(request, question, context);
    const { bound, issued, session } = await issueCounted(grant, issuer, request, context).catch(
      async (error: unknown) => {
        await changePlaylistCookie(request, context, cookieChange(grant, question));
        throw error;
      },
    );
    if (playlistCookie) {
      // The signer issues tokens that are not bound, so a proof gives no access to it.
      const granted = purpose === 'playback' && !bound ? issued.map((each) => each.grant) : [];
      await changePlaylistCookie(request, context, { ...cookieChange(grant, question), granted, session });
    }
    const tokens: TokenItem[] = [];
    for (const { item, further, setCookies } of issued) {
      tokens.push(item, ...further);
      context.setCookies.push(...setCookies);
    }
    const first =
      purpose === 'playback' && reason === 'initial' && !bound
        ? await bootstrap?.get(issued, grant.user, new URL(request.url).hostname)
        : undefined;
    metrics.minted(purpose, issued.length);
    const names = issued.map(({ item }) => item.stream);
    logger.info(
      { handler: 'token', requestId, purpose, reason, streams: names, user: grant.user },
      'Tokens issued',
    );
    const playlists = first?.playlists ?? {};
    const media = first && bootstrap?.media ? openMedia(bootstrap.media, first, request, grant.user) : [];
    const url = entryOf(issued);
    const body: TokenResponse = {
      tokens,
      ...(url !== undefined && { url }),
      serverTime: toNumericDate(now()),
      ...(Object.keys(playlists).length > 0 && { playlists }),
      ...(media.length > 0 && { media: media.map(({ announced }) => announced) }),
    };
    const headers = bound ? { ...bound.headers, ...tokenHeaders } : tokenHeaders;
    return bootstrap?.media && media.length > 0
      ? mediaResponse(JSON.stringify(body), media, bootstrap.media.limits, headers, onMedia)
      : textAnswer(JSON.stringify(body), headers);
  }

  const cors = createCors(options.cors, ['POST']);
  return createHandler({ methods: ['POST'], cors, logger, metrics, name: 'token', handle });
}

const optionNames: OptionNames<TokenHandlerOptions> = {
  issuers: { playback: true, ingest: true },
  authorize: true,
  isRevoked: true,
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

function requireOptions(options: TokenHandlerOptions): void {
  requireKnownOptions('createTokenHandler', options, optionNames);
  if (typeof options.authorize !== 'function') {
    throw new TypeError(
      'createTokenHandler needs the option authorize, a function that decides which streams a caller may access.',
    );
  }
  if (!options.issuers.playback && !options.issuers.ingest) {
    throw new TypeError('createTokenHandler needs an issuer. Set issuers.playback or issuers.ingest.');
  }
  if (options.concurrentStreams) requireConcurrentStreams(options.concurrentStreams);
}
