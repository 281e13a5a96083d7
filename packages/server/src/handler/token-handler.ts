import { toNumericDate } from '../issuer/sign-claims.js';
import type { IssuedToken, TokenIssuer, TokenPurpose } from '../issuer/token-issuer.js';
import { silentLogger, type Logger } from '../observe/logger.js';
import { Problem } from '../problem.js';
import { grantFor, type Authorization, type Authorize } from './authorize.js';
import { createCors, type CorsOptions } from './cors.js';
import { createFrame, type FetchHandler } from './fetch-handler.js';
import type { PlaylistSession } from './playlist-session.js';
import { readJsonBody } from './request-body.js';
import { parseTokenRequest, type TokenRequest } from './token-request.js';

export interface TokenHandlerOptions {
  /** One issuer per purpose; a purpose without one is refused. */
  readonly issuers: Readonly<Partial<Record<TokenPurpose, TokenIssuer>>>;
  /** Who may have which stream. Required: there is no default that lets everybody in. */
  readonly authorize: Authorize;
  /** Pages of other origins that may ask. @defaultValue none, same origin only */
  readonly cors?: CorsOptions;
  /** Sets the session cookie of the playlist signer along with playback tokens. */
  readonly playlistSession?: PlaylistSession;
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
}

/** One item of the answer. */
interface TokenItem extends Omit<IssuedToken, 'tokenId'> {
  readonly stream: string;
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
    playlistSession,
    maxStreams = 32,
    now = Date.now,
    logger = silentLogger,
  } = options;
  const limits = { maxBytes: options.maxBodyBytes ?? 16_384, timeoutMs: options.bodyTimeoutMs ?? 10_000 };

  async function handle(request: Request): Promise<Response> {
    const question = parseTokenRequest(await readJsonBody(request, limits), maxStreams);
    const issuer = issuers[question.purpose];
    if (!issuer)
      throw new Problem('purpose-unsupported', `No tokens for "${question.purpose}" are issued here.`);
    const authorization = readAuthorization(await authorize(request, question));
    const tokens = await issueAll(issuer, question, authorization, request.signal);
    const headers = new Headers({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    if (playlistSession && question.purpose === 'playback') {
      headers.append(
        'Set-Cookie',
        await playlistSession.cookie(
          request,
          tokens.map((item) => item.stream),
          authorization.user,
        ),
      );
    }
    return new Response(JSON.stringify({ tokens, serverTime: toNumericDate(now()) }), { headers });
  }

  return createFrame({
    methods: ['POST'],
    cors: createCors(options.cors, ['POST']),
    logger,
    name: 'token',
    handle,
  });
}

async function issueAll(
  issuer: TokenIssuer,
  { purpose, streams }: TokenRequest,
  authorization: Authorization,
  signal: AbortSignal,
): Promise<TokenItem[]> {
  const granted = streams.flatMap((stream) => {
    const grant = grantFor(authorization, stream);
    return grant ? [{ stream, grant }] : [];
  });
  // Some refused among many: the others go out, and the client plays without that rendition.
  if (granted.length === 0) throw forbidden();
  return Promise.all(
    granted.map(async ({ stream, grant }) => {
      const { tokenId: _, ...issued } = await issuer.issue({
        purpose,
        stream,
        grant,
        user: authorization.user,
        signal,
      });
      return { stream, ...issued };
    }),
  );
}

function readAuthorization(answer: Authorization | boolean): Authorization {
  // A forgotten `return` in plain JavaScript arrives as undefined, and must not let anybody in.
  if (answer === true) return {};
  if (typeof answer !== 'object' || (answer as unknown) === null) throw forbidden();
  return answer;
}

function forbidden(): Problem {
  return new Problem('forbidden', 'These streams are not for this caller.');
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
