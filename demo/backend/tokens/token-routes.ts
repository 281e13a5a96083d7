import { createJwksHandler, createTokenHandler, type TokenRequest } from '@gatecast/server';
import { Hono } from 'hono';
import type { BackendEnv } from '../http/backend-env.js';
import { cutConnection } from '../http/cut-connection.js';
import { type Faults, toProblem } from '../qa/faults.js';
import { isReshaped, reshapeAnswer } from './answer-shapes.js';
import { byOrigin } from './by-origin.js';
import { noteQuestion } from './note-question.js';
import type { TokenService } from './token-service.js';

export interface TokenRoutesOptions {
  readonly service: TokenService;
  readonly faults: Faults;
  /** Ends open event streams. */
  readonly closing: AbortSignal;
  /** Calls the live origin in this process, without the network. */
  readonly fetch: typeof globalThis.fetch;
}

/** The origin is this process: if it is slow, the machine is busy. */
const PLAYLISTS_LIMIT_MS = 2000;
const MEDIA_LIMITS = { firstByteMs: 5000, timeoutMs: 5000 };

/**
 * Serves `POST /api/tokens` and the public keys. With `?bootstrap` the response includes the streams' playlists; with
 * `?bootstrap=media`, the first media follow it. With `?push` it also sends events, and refuses what testers have revoked.
 */
export function createTokenRoutes({ service, faults, fetch, closing }: TokenRoutesOptions): Hono<BackendEnv> {
  const app = new Hono<BackendEnv>();
  const common = {
    issuers: service.issuers,
    authorize: (_: Request, { streams }: TokenRequest) => service.authorize(streams),
    playlistCookie: service.playlistCookie,
    dpop: 'optional' as const,
    now: () => service.now(),
  };
  const jwks = createJwksHandler({ keys: service.keys });
  const tokens = createTokenHandler(common);
  const { revocations } = service;
  const withPush = createTokenHandler({ ...common, revocations, push: { signal: closing } });
  const bootstrapping = (media: boolean) =>
    byOrigin((origin) =>
      createTokenHandler({
        ...common,
        bootstrap: {
          playlistUrl: (stream) => `${origin}/live/${encodeURIComponent(stream)}.m3u8`,
          upstreams: [`${origin}/live/`],
          media: media && MEDIA_LIMITS,
          budgetMs: PLAYLISTS_LIMIT_MS,
          fetch,
        },
      }),
    );
  const [withPlaylists, withMedia] = [bootstrapping(false), bootstrapping(true)];

  app.all('/api/tokens', async (context) => {
    const { raw } = context.req;
    const entry = context.get('entry');
    if (entry) await noteQuestion(entry, raw.clone());
    if (faults.tokens.down) return cutConnection(context);
    const failure = raw.method === 'POST' ? faults.takeTokenFailure() : undefined;
    if (failure) throw toProblem(failure);
    const wanted = context.req.query('bootstrap');
    const isBootstrapping = faults.tokens.bootstrap ?? wanted !== undefined;
    const hasMedia = wanted === 'media' && !isReshaped(faults.tokens);
    const handle = isBootstrapping ? (hasMedia ? withMedia : withPlaylists)(raw) : tokens;
    if (context.req.query('push') !== undefined) return withPush(raw);
    return reshapeAnswer(await handle(raw), faults.tokens, (token) => service.sentAs(token));
  });
  app.all('/.well-known/jwks.json', (context) => jwks(context.req.raw));
  return app;
}
