import { createServer } from 'node:http';
import { Problem } from '@gatecast/server';
import { Hono } from 'hono';
import type { BackendEnv } from './http/backend-env.js';
import { guardRequests } from './http/guard-requests.js';
import { limitBodies } from './http/limit-bodies.js';
import { createUploadTest, uploadTestPrefix } from './http/upload-test.js';
import { listen, originOf, stopServer, toNodeHandler } from './http/http-listener.js';
import { createClipSource } from './live-origin/clip-source.js';
import { loadClip } from './live-origin/clip.js';
import { createContentKey } from './live-origin/common-encryption.js';
import { createDashSource } from './live-origin/dash-source.js';
import { createLiveRoutes } from './live-origin/live-routes.js';
import { readPathToken } from './live-origin/path-token.js';
import { isLoopbackOrigin, loopbackCors } from './http/loopback-cors.js';
import { refuseForeignPages } from './http/refuse-foreign-pages.js';
import { delayAnswers, hideRefusals, throttleAnswers } from './qa/delivery-faults.js';
import { Faults } from './qa/faults.js';
import { answerError } from './http/answer-error.js';
import { logRequests } from './qa/log-requests.js';
import { createQaRoutes } from './qa/qa-routes.js';
import { RequestLog } from './http/request-log.js';
import type { SchemeCheck } from './schemes/scheme-row.js';
import { isSchemePath } from './schemes/scheme-target.js';
import { createSchemes } from './schemes/schemes.js';
import { createSignRoutes } from './tokens/sign-routes.js';
import { demoKeys } from './tokens/token-keys.js';
import { createTokenRoutes } from './tokens/token-routes.js';
import { createTokenService } from './tokens/token-service.js';
import type { TrustedKeys } from './tokens/trusted-keys.js';
import { createFakeVendor } from './fake-vendor/fake-vendor.js';
import { mountWebrtc } from './webrtc-mount.js';

export interface BackendOptions {
  /** Lifetime of tokens in seconds. @defaultValue 30 */
  readonly tokenTtlSeconds?: number;
  /**
   * Current time in milliseconds since the epoch. It selects the live segments and is the clock of the tokens.
   *
   * @defaultValue `Date.now`
   */
  readonly now?: () => number;
  /** Keys of other token backends whose tokens origin and ingest accept, too. @defaultValue none */
  readonly trustedKeys?: TrustedKeys | undefined;
  /** API key that the fake vendor accepts. @defaultValue `demo-api-key` */
  readonly vendorApiKey?: string;
  /**
   * Pages that may set faults and clear the log: those of the backend's own origin, or of any loopback origin. Clients
   * that are not browsers always may.
   *
   * @defaultValue `own`
   */
  readonly faultPages?: 'own' | 'loopback';
  /** Checks the tokens at the media origins `/cdn/<scheme>/`. @defaultValue the check of each issuer */
  readonly schemeCheck?: SchemeCheck;
}

export interface ListenOptions {
  /** @defaultValue 0, any free port */
  readonly port?: number;
  /** @defaultValue `127.0.0.1` */
  readonly host?: string;
}

/** A backend on an HTTP server of its own. */
export interface ListeningBackend {
  /** For example `http://127.0.0.1:40123`. */
  readonly origin: string;
  /** Stops the backend and its server. Resolves when every connection is closed. */
  readonly close: () => Promise<void>;
}

/** The demo's backend: token endpoint, media origin, WHIP ingest, WHEP playback, fault API and request log. */
export interface Backend {
  /** Answers a request. `env` holds the Node.js request and response from `@hono/node-server`. */
  readonly fetch: (request: Request, env?: BackendEnv['Bindings']) => Response | Promise<Response>;
  /** Whether the backend serves this path. If not, it belongs to a page. */
  handles(path: string): boolean;
  /** Starts a separate HTTP server for the backend, without the pages. Used by tests. */
  listen(options?: ListenOptions): Promise<ListeningBackend>;
  /** Ends all delayed responses, sessions of publishers and viewers, and live streams. */
  close(): void;
}

const prefixes = [
  '/api/',
  '/live/',
  '/t/',
  '/hls/',
  '/whip/',
  '/whep/',
  '/nanostream/',
  '/.well-known/jwks.json',
];

/** Creates the demo's backend. It needs no other service, and `close` ends all its timers and connections. */
export async function createBackend(options: BackendOptions = {}): Promise<Backend> {
  const { tokenTtlSeconds = 30, now = Date.now, vendorApiKey = 'demo-api-key' } = options;
  const { faultPages = 'own' } = options;
  const closing = new AbortController();
  const faults = new Faults();
  const log = new RequestLog();
  const keys = await demoKeys();
  const service = createTokenService({
    keys,
    faults,
    ttlSeconds: tokenTtlSeconds,
    now,
    trusted: options.trustedKeys,
  });
  const webrtc = mountWebrtc({ verifiers: service.verifiers, now });
  service.revocations.watch(() => {
    webrtc.recheck();
  });

  const clip = loadClip();
  const contentKey = createContentKey();
  const live = createLiveRoutes({
    verifier: service.verifiers.playback,
    faults,
    contentKey,
    sources: [createClipSource({ clip, now, contentKey }), createDashSource({ clip, now }), webrtc.source],
  });
  live.onError(answerError);
  const schemes = createSchemes({
    keys,
    faults,
    ttlSeconds: () => service.ttlSeconds(),
    now: () => service.now(),
    check: options.schemeCheck,
  });
  // The backend calls its own media origin without the network. The origin still checks the token.
  const fetchLive: typeof globalThis.fetch = async (input, init) => live.fetch(new Request(input, init), {});

  const app = new Hono<BackendEnv>();
  app.onError(answerError);
  app.notFound(() => new Problem('not-found', 'No route at this address.').toResponse());
  app.use(logRequests(log, now));
  app.use('/live/*', hideRefusals(faults));
  for (const path of ['/api/*', '/live/*', '/hls/*', '/.well-known/*', '/nanostream/*']) {
    app.use(path, loopbackCors);
  }
  app.use((context, next) => (isSchemePath(context.req.path) ? loopbackCors(context, next) : next()));
  for (const path of ['/api/*', '/live/*', '/cdn/*', '/hls/*', '/t/*', '/nanostream/*'])
    app.use(path, refuseForeignPages(isLoopbackOrigin));
  // A redirected request has the origin `null`. Ingest and WHEP take a token only, and no cookie.
  for (const path of ['/whip/*', '/whep/*']) {
    app.use(
      path,
      refuseForeignPages((origin) => origin === 'null' || isLoopbackOrigin(origin)),
    );
  }
  app.use('/api/qa/*', refuseForeignPages(faultPages === 'loopback' ? isLoopbackOrigin : () => false));
  app.use(limitBodies);
  const delay = (milliseconds: () => number) => delayAnswers(milliseconds, closing.signal);
  // Not `/api/qa/*`: testers must be able to clear faults without delay.
  for (const path of ['/api/tokens', '/api/schemes/*', '/live/*', '/cdn/*', '/hls/*', '/whip/*', '/whep/*']) {
    app.use(
      path,
      delay(() => faults.latencyMs),
    );
  }
  for (const path of ['/api/tokens', '/api/schemes/:scheme/tokens']) {
    app.use(
      path,
      delay(() => faults.tokens.latencyMs ?? 0),
    );
  }
  for (const path of ['/live/*', '/cdn/*']) {
    app.use(path, throttleAnswers(faults, closing.signal));
    app.use(
      path,
      delay(() => faults.media.latencyMs ?? 0),
    );
  }
  app.route('/api/qa', createQaRoutes({ faults, log, webrtc, now, revocations: service.revocations }));
  app.route(
    uploadTestPrefix,
    createUploadTest({ verify: (...args) => service.verifiers.ingest.verify(...args), now }),
  );
  app.route('/', createTokenRoutes({ service, faults, fetch: fetchLive, closing: closing.signal }));
  app.route('/', createSignRoutes({ service, fetch: fetchLive }));
  app.route('/nanostream', createFakeVendor({ apiKey: vendorApiKey, now }));
  app.route('/', webrtc.routes);
  app.route('/', live);
  app.route('/', schemes.routes);
  app.route('/', schemes.origin);

  function close(): void {
    closing.abort();
    service.revocations.close();
    webrtc.close();
  }

  const answer: Backend['fetch'] = (request, env = {}) => app.fetch(readPathToken(request), env);

  return {
    fetch: answer,
    handles: (path) => isSchemePath(path) || prefixes.some((prefix) => path.startsWith(prefix)),
    async listen({ port = 0, host = '127.0.0.1' } = {}) {
      const server = createServer(guardRequests(toNodeHandler(answer)));
      await listen(server, port, host);
      return {
        origin: originOf(server),
        close: () => {
          close();
          return stopServer(server);
        },
      };
    },
    close,
  };
}
