import {
  toNumericDate,
  type TokenItem,
  type TokenPurpose,
  type TokenRequest,
  type TokenResponse,
  type RefreshReason,
} from '@gatecast/contract';
import type { TokenIssuer } from '../issuer/token-issuer.js';
import { addressKey } from '../limits/address-key.js';
import { missingAddressWarning } from '../limits/missing-address.js';
import { requireBudget, type RateLimiter } from '../limits/rate-limiter.js';
import { withStore, type GuardedStore } from '../limits/store-policy.js';
import { silentLogger } from '../http/logger.js';
import { silentMetrics, type MediaResult } from '../http/metrics.js';
import { createBootstrap, type BootstrapAnswer } from '../playlist/bootstrap-playlists.js';
import type { FirstMedia, OpenMedia } from '../playlist/first-media/first-media.js';
import { Problem } from '../http/problem.js';
import { acceptedMedia } from './accepted-media.js';
import { authorizeGrant, cookieChange, refusedCaller } from './authorize-grant.js';
import { longLifeWarning } from './bounded-life.js';
import { countStreams } from './count-streams.js';
import { createCors } from '../http/cors.js';
import { createHandler, type FetchHandler, type HandleContext } from '../http/create-handler.js';
import type { Grant } from '../grant/grant.js';
import { entryOf, issueTokens } from './issue-tokens.js';
import type { PlaylistCookieChange } from '../playlist/playlist-cookie.js';
import { mediaResponse } from './media-answer.js';
import { readJsonBody } from '../http/request-body.js';
import { textAnswer } from '../http/text-response.js';
import { createTokenBinding } from './token-binding.js';
import { requireTokenHandlerOptions, type TokenHandlerOptions } from './token-handler-options.js';
import { parseTokenRequest } from './parse-token-request.js';
import { createPushRoute } from './push-route.js';

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
  requireTokenHandlerOptions(options);
  const { issuers, limits, concurrentStreams, playlistCookie, maxStreams = 32, now = Date.now } = options;
  const { logger = silentLogger, metrics = silentMetrics } = options;
  const { authorize, isRevoked, revocations, push = false } = options;
  const authorization = { authorize, isRevoked, revocations, logger, now };
  const bodyLimits = { maxBytes: options.maxBodyBytes ?? 16_384, timeoutMs: options.bodyTimeoutMs ?? 10_000 };
  const guard: GuardedStore = { policy: options.whenStoreDown ?? 'closed', logger };
  const warnOfLongLife = revocations && longLifeWarning(revocations, logger);
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

  async function limitAddress({ clientAddress }: HandleContext, points: number): Promise<void> {
    warnWithoutAddress(clientAddress);
    if (limits?.address && clientAddress !== undefined)
      await limit(limits.address, addressKey(clientAddress), points);
  }

  async function limitUser(user: string | undefined, points: number): Promise<void> {
    if (limits?.user && user !== undefined) await limit(limits.user, user, points);
  }

  function requireIssuer(purpose: TokenPurpose): TokenIssuer {
    const issuer = issuers[purpose];
    if (issuer) return issuer;
    throw new Problem('purpose-unsupported', `This endpoint issues no tokens for the purpose "${purpose}".`);
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

  async function issueCounted(
    grant: Grant,
    issuer: TokenIssuer,
    reason: RefreshReason,
    request: Request,
    context: HandleContext,
  ) {
    const { purpose, user, streams, device } = grant;
    await limitUser(user, streams.length);
    const bound = await binding?.bind(request, issuer);
    const issued = await issueTokens(bound?.issuer ?? issuer, grant, request, now, revocations !== undefined);
    warnOfLongLife?.(issued, now());
    const isCounted = concurrentStreams && purpose === 'playback' && user !== undefined;
    const counted = isCounted
      ? await countStreams(concurrentStreams, guard, grant, issued, now(), reason, request, context)
      : { session: device, hasTaken: false };
    // The user's pages ask now, and the one that has lost its place gets the refusal.
    if (counted.hasTaken && user !== undefined) revocations?.check({ user }).catch(() => undefined);
    return { bound, issued, session: counted.session };
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
    const { requestId } = context;
    const question = parseTokenRequest(await readJsonBody(request, context, bodyLimits), maxStreams);
    const { purpose, streams, reason } = question;
    // Before authorize, which may query a database.
    await limitAddress(context, streams.length);
    const issuer = requireIssuer(purpose);
    const grant = await grantFor(request, question, context);
    const { bound, issued, session } = await issueCounted(grant, issuer, reason, request, context).catch(
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
      ...(pushRoute && { push: true }),
      ...(Object.keys(playlists).length > 0 && { playlists }),
      ...(media.length > 0 && { media: media.map(({ announced }) => announced) }),
    };
    const headers = bound ? { ...bound.headers, ...tokenHeaders } : tokenHeaders;
    return bootstrap?.media && media.length > 0
      ? mediaResponse(JSON.stringify(body), media, bootstrap.media.limits, headers, onMedia)
      : textAnswer(JSON.stringify(body), headers);
  }

  const pushRoute =
    push !== false && revocations
      ? createPushRoute({
          ...{
            push,
            revocations,
            authorization,
            requireIssuer,
            limitAddress,
            limitUser,
            maxStreams,
            metrics,
            now,
          },
        })
      : null;
  const methods = pushRoute ? ['POST', 'GET'] : ['POST'];
  const cors = createCors(options.cors, methods);
  return createHandler({
    ...{ methods, cors, logger, metrics, name: 'token' },
    handle: (request, context) =>
      pushRoute && request.method === 'GET' ? pushRoute(request, context) : handle(request, context),
  });
}
