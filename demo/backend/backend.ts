import { createServer } from 'node:http';
import { Problem, createPlaylistSession, createTokenVerifier, ingestJwtIssuer } from '@gatecast/server';
import { Hono } from 'hono';
import type { BackendEnv } from './backend-env.js';
import { listen, originOf, stopServer, toNodeHandler } from './http-listener.js';
import { createClipSource } from './live-origin/clip-source.js';
import { loadClip } from './live-origin/clip.js';
import { createLiveRoutes } from './live-origin/live-routes.js';
import { loopbackCors } from './loopback-cors.js';
import { delayAnswers, throttleAnswers } from './qa/delivery-faults.js';
import { Faults } from './qa/faults.js';
import { logRequests } from './qa/log-requests.js';
import { createQaRoutes } from './qa/qa-routes.js';
import { RequestLog } from './qa/request-log.js';
import { createFaultyIssuer, generationClaim } from './tokens/faulty-issuer.js';
import { createOpaqueTokens } from './tokens/opaque-tokens.js';
import { createSignRoutes } from './tokens/sign-routes.js';
import { demoKeys } from './tokens/token-keys.js';
import { createTokenRoutes } from './tokens/token-routes.js';

export interface BackendOptions {
  /** Lifetime of tokens in seconds. @defaultValue 30 */
  readonly tokenTtlSeconds?: number;
  /** Milliseconds since the epoch: what is on air and which tokens are good. @defaultValue `Date.now` */
  readonly now?: () => number;
}

export interface ListenOptions {
  /** @defaultValue 0, any free port */
  readonly port?: number;
  /** @defaultValue `127.0.0.1` */
  readonly host?: string;
}

/** A backend that listens by itself. */
export interface ListeningBackend {
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string;
  /** Ends the backend with all its connections; nothing is left afterwards. */
  close(): Promise<void>;
}

/** The demo's token endpoint, media origin and fault switches in one. */
export interface Backend {
  /** Answers a request; `env` is what `@hono/node-server` knows of the connection. */
  readonly fetch: (request: Request, env?: BackendEnv['Bindings']) => Response | Promise<Response>;
  /** Is the path the backend's, rather than a page's? */
  handles(path: string): boolean;
  /** Serves it alone, for tests. */
  listen(options?: ListenOptions): Promise<ListeningBackend>;
  /** Ends waits and streams that are under way. Listeners close it with them. */
  close(): void;
}

const prefixes = ['/api/', '/live/', '/hls/', '/whip/', '/nanostream/', '/.well-known/jwks.json'];

/** Builds the demo's backend: no other service is needed, and nothing outlives `close`. */
export async function createBackend(options: BackendOptions = {}): Promise<Backend> {
  const { tokenTtlSeconds = 30, now = Date.now } = options;
  const keys = await demoKeys();
  const closing = new AbortController();
  const faults = new Faults();
  const log = new RequestLog();
  const skewedNow = (): number => now() + faults.clockSkewMs;

  const opaqueTokens = createOpaqueTokens({ now: skewedNow, generation: () => faults.tokenGeneration });
  const playbackIssuer = createFaultyIssuer({
    keys,
    faults,
    opaqueTokens,
    ttlSeconds: tokenTtlSeconds,
    now: skewedNow,
  });
  const verifier = opaqueTokens.before(
    createTokenVerifier({
      keys,
      now: skewedNow,
      isRevoked: (claims) => Number(claims[generationClaim] ?? 0) < faults.tokenGeneration,
    }),
  );
  const session = createPlaylistSession({ keys, now: skewedNow });
  const liveRoutes = createLiveRoutes({
    verifier,
    faults,
    sources: [createClipSource({ clip: loadClip(), now })],
  });
  liveRoutes.onError(answerError);

  const app = new Hono<BackendEnv>();
  app.onError(answerError);
  app.notFound(() => new Problem('not-found', 'There is no such route.').toResponse());
  app.use(logRequests(log, now));
  for (const path of ['/api/*', '/live/*', '/hls/*', '/.well-known/*', '/nanostream/*']) {
    app.use(path, loopbackCors);
  }
  app.use('/live/*', throttleAnswers(faults, closing.signal));
  app.use(
    '/live/*',
    delayAnswers(() => faults.media.latencyMs ?? 0, closing.signal),
  );
  app.use(
    '/api/tokens',
    delayAnswers(() => faults.tokens.latencyMs ?? 0, closing.signal),
  );
  // The switches themselves answer at once.
  for (const path of ['/api/tokens', '/live/*', '/hls/*', '/whip/*']) {
    app.use(
      path,
      delayAnswers(() => faults.latencyMs, closing.signal),
    );
  }
  app.route('/api/qa', createQaRoutes({ faults, log, now }));
  app.route(
    '/',
    createTokenRoutes({
      keys,
      playbackIssuer,
      ingestIssuer: ingestJwtIssuer({ keys, ttlSeconds: tokenTtlSeconds, now: skewedNow }),
      session,
      faults,
      now: skewedNow,
    }),
  );
  app.route(
    '/',
    createSignRoutes({
      issuer: playbackIssuer,
      session,
      ttlSeconds: () => tokenTtlSeconds,
      now: skewedNow,
      fetch: async (input, init) => liveRoutes.fetch(new Request(input, init), {}),
    }),
  );
  app.route('/', liveRoutes);

  return {
    fetch: (request, env = {}) => app.fetch(request, env),
    handles: (path) => prefixes.some((prefix) => path.startsWith(prefix)),
    async listen({ port = 0, host = '127.0.0.1' } = {}) {
      const server = createServer(toNodeHandler(app.fetch));
      await listen(server, port, host);
      const close = (): Promise<void> => {
        closing.abort();
        return stopServer(server);
      };
      return { origin: originOf(server), close };
    },
    close: () => closing.abort(),
  };
}

/** Whatever was thrown becomes a problem that quotes nothing. */
function answerError(error: Error): Response {
  const problem = error instanceof Problem ? error : new Problem('internal', 'The demo server failed.');
  return problem.toResponse();
}
