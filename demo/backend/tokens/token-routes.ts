import { createJwksHandler, createTokenHandler, type TokenRequest } from '@gatecast/server';
import { Hono } from 'hono';
import type { BackendEnv } from '../http/backend-env.js';
import { cutConnection } from '../http/cut-connection.js';
import { type Faults, toProblem } from '../qa/faults.js';
import { reshapeAnswer } from './answer-shapes.js';
import { byOrigin } from './by-origin.js';
import { noteQuestion } from './note-question.js';
import type { TokenService } from './token-service.js';

export interface TokenRoutesOptions {
  readonly service: TokenService;
  readonly faults: Faults;
  /** Calls the live origin in this process, without the network. */
  readonly fetch: typeof globalThis.fetch;
}

/** Serves `POST /api/tokens` and the public keys. With `?bootstrap` the response includes the streams' playlists. */
export function createTokenRoutes({ service, faults, fetch }: TokenRoutesOptions): Hono<BackendEnv> {
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
  const bootstrapping = byOrigin((origin) =>
    createTokenHandler({
      ...common,
      bootstrap: {
        playlistUrl: (stream) => `${origin}/live/${encodeURIComponent(stream)}.m3u8`,
        upstreams: [`${origin}/live/`],
        fetch,
      },
    }),
  );

  app.all('/api/tokens', async (context) => {
    const { raw } = context.req;
    const entry = context.get('entry');
    if (entry) await noteQuestion(entry, raw.clone());
    if (faults.tokens.down) return cutConnection(context);
    const failure = raw.method === 'POST' ? faults.takeTokenFailure() : undefined;
    if (failure) throw toProblem(failure);
    const isBootstrapping = faults.tokens.bootstrap ?? context.req.query('bootstrap') !== undefined;
    const handle = isBootstrapping ? bootstrapping(raw) : tokens;
    return reshapeAnswer(await handle(raw), faults.tokens, (token) => service.sentAs(token));
  });
  app.all('/.well-known/jwks.json', (context) => jwks(context.req.raw));
  return app;
}
