import { toNumericDate, type TokenPurpose, type TokenResponse } from '@gatecast/contract';
import type { TokenIssuer } from '../issuer/token-issuer.js';
import { addressKey } from '../limits/address-key.js';
import { requireBudget, type RateLimiter } from '../limits/rate-limiter.js';
import { withStore, type GuardedStore, type StoreDownPolicy } from '../limits/store-policy.js';
import { silentLogger, type Logger } from '../http/logger.js';
import { silentMetrics, type Metrics } from '../http/metrics.js';
import { createBootstrap, type BootstrapOptions } from '../playlist/bootstrap-playlists.js';
import { Problem } from '../http/problem.js';
import { claimStreams, type ConcurrentStreamsOptions } from '../limits/concurrent-streams.js';
import type { Authorization, Authorize } from './authorize.js';
import { createCors, type CorsOptions } from '../http/cors.js';
import { createHandler, type FetchHandler, type HandlerContext } from '../http/create-handler.js';
import { issueTokens } from './issue-tokens.js';
import type { PlaylistCookie } from '../playlist/playlist-cookie.js';
import { readJsonBody } from '../http/request-body.js';
import { textResponse } from '../http/text-response.js';
import { parseTokenRequest } from './parse-token-request.js';

export interface TokenHandlerOptions {
  /** One issuer per purpose; a purpose without one is refused. */
  readonly issuers: Readonly<Partial<Record<TokenPurpose, TokenIssuer>>>;
  /** Who may have which stream. Required: there is no default that lets everybody in. */
  readonly authorize: Authorize;
  /** Pages of other origins that may ask. @defaultValue none, same origin only */
  readonly cors?: CorsOptions;
  /**
   * Limits by the user that `authorize` names, and by the client's address, which the server around the handler passes
   * on as `clientAddress`; a token costs one point. IPv6 addresses of one network of 64 bits count together.
   */
  readonly limits?: { readonly user?: RateLimiter; readonly address?: RateLimiter };
  /** Limit of streams that a user watches at once. @defaultValue no limit */
  readonly concurrentStreams?: ConcurrentStreamsOptions;
  /** What to do while the store of the limits is down. @defaultValue `closed` */
  readonly whenStoreDown?: StoreDownPolicy;
  /** Sends the stream's playlists along with the first token. */
  readonly bootstrap?: BootstrapOptions;
  /** Sets the cookie of the playlist signer with each answer that contains playback tokens. */
  readonly playlistCookie?: PlaylistCookie;
  /** Streams in one request, at most. @defaultValue 32 */
  readonly maxStreams?: number;
  /** Size of a request body in bytes, at most. @defaultValue 16,384 */
  readonly maxBodyBytes?: number;
  /** Time for the body to arrive, in milliseconds. @defaultValue 10,000 */
  readonly bodyTimeoutMs?: number;
  /** Milliseconds since the epoch, for `serverTime`. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** @defaultValue logs nothing */
  readonly logger?: Logger;
  /** @defaultValue measures nothing */
  readonly metrics?: Metrics;
}

/**
 * The token endpoint: `POST` of purpose and streams, JSON with a token for each.
 *
 * @throws TypeError when `authorize` or every issuer is missing.
 */
export function createTokenHandler(options: TokenHandlerOptions): FetchHandler {
  requireOptions(options);
  const {
    issuers,
    authorize,
    limits,
    concurrentStreams,
    playlistCookie,
    maxStreams = 32,
    now = Date.now,
  } = options;
  const { logger = silentLogger, metrics = silentMetrics } = options;
  const bodyLimits = { maxBytes: options.maxBodyBytes ?? 16_384, timeoutMs: options.bodyTimeoutMs ?? 10_000 };
  const guard: GuardedStore = { policy: options.whenStoreDown ?? 'closed', logger };
  let hasWarned = false;
  const bootstrap = options.bootstrap && createBootstrap(options.bootstrap);

  async function limit(
    limiter: RateLimiter | undefined,
    key: string | undefined,
    points: number,
  ): Promise<void> {
    if (!limiter || key === undefined) return;
    await withStore(guard, () => requireBudget(limiter, key, points), undefined);
  }

  /** Once: without it a limit that was configured is silently none. */
  function warnWithoutAddress(clientAddress: string | undefined): void {
    if (!limits?.address || clientAddress !== undefined || hasWarned) return;
    hasWarned = true;
    logger.warn(
      {},
      'limits.address is not enforced: the server around the handler passes no clientAddress on to it',
    );
  }

  async function handle(request: Request, context: HandlerContext & { requestId: string }) {
    const { clientAddress, requestId } = context;
    const question = parseTokenRequest(await readJsonBody(request, context, bodyLimits), maxStreams);
    const { purpose, streams, reason } = question;
    // Before authorize, which may cost the team a database query.
    warnWithoutAddress(clientAddress);
    await limit(limits?.address, clientAddress && addressKey(clientAddress), streams.length);
    const issuer = issuers[purpose];
    if (!issuer) throw new Problem('purpose-unsupported', `No tokens for "${purpose}" are issued here.`);
    const authorization = readAuthorization(await authorize(request, question));
    const { user, device } = authorization;
    await limit(limits?.user, user, streams.length);

    const tokens = await issueTokens(issuer, question, authorization, request);
    const names = tokens.map((item) => item.stream);
    if (concurrentStreams && purpose === 'playback') {
      const untilMs = Math.max(...tokens.map((item) => item.expiresAt)) * 1000;
      await claimStreams(concurrentStreams, guard, { user, device, streams: names, nowMs: now(), untilMs });
    }
    const playlists =
      purpose === 'playback' && reason === 'initial' ? await bootstrap?.get(tokens) : undefined;
    metrics.minted(purpose, tokens.length);
    logger.info({ handler: 'token', requestId, purpose, reason, streams: names, user }, 'Tokens issued');

    const headers = new Headers({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    if (playlistCookie && purpose === 'playback') {
      headers.append('Set-Cookie', await playlistCookie.cookie(request, names, user));
    }
    const hasPlaylists = playlists !== undefined && Object.keys(playlists).length > 0;
    const body: TokenResponse = {
      tokens,
      serverTime: toNumericDate(now()),
      ...(hasPlaylists && { playlists }),
    };
    return textResponse(JSON.stringify(body), { headers });
  }

  const cors = createCors(options.cors, ['POST']);
  return createHandler({ methods: ['POST'], cors, logger, metrics, name: 'token', handle });
}

function readAuthorization(answer: Authorization | boolean): Authorization {
  if (answer === true) return {};
  // A forgotten `return` in plain JavaScript arrives as undefined, and must not let anybody in.
  if (typeof answer === 'object' && (answer as unknown) !== null) return answer;
  throw new Problem('forbidden', 'These streams are not for this caller.');
}

function requireOptions(options: TokenHandlerOptions): void {
  if (typeof options.authorize !== 'function') {
    throw new TypeError(
      'createTokenHandler needs the option authorize: a function that decides who may have which stream.',
    );
  }
  if (!options.issuers.playback && !options.issuers.ingest) {
    throw new TypeError('createTokenHandler needs an issuer: set issuers.playback or issuers.ingest.');
  }
}
