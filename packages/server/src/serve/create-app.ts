import type { HttpBindings } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import type { FetchHandler, HandlerContext } from '../http/create-handler.js';
import { createJwksHandler } from '../token-endpoint/jwks-handler.js';
import { createPlaylistCookie } from '../playlist/playlist-cookie.js';
import type { PushOptions } from '../token-endpoint/push-options.js';
import { createTokenHandler } from '../token-endpoint/token-handler.js';
import type { KeySet } from '../key/key-set.js';
import { denyList } from '../limits/concurrent-streams.js';
import { answerOnNode } from '../node/answer-on-node.js';
import { clientAddress } from '../node/client-address.js';
import { clientProtocol } from '../node/client-protocol.js';
import { readNodeBody } from '../node/node-body.js';
import type { PrometheusMetrics } from '../node/prometheus-metrics.js';
import type { Logger } from '../http/logger.js';
import type { BootstrapOptions } from '../playlist/bootstrap-playlists.js';
import { createPlaylistSigner } from '../playlist/playlist-signer.js';
import { Problem } from '../http/problem.js';
import { configRisks } from './config-risks.js';
import type { Config } from './config-schema.js';
import { createAuthorize } from './create-authorize.js';
import { createIssuer, createPlaylistIssuer } from './create-issuer.js';
import type { Stores } from './create-stores.js';
import { dpopOptions } from './dpop-options.js';
import { omitUndefined } from '../http/omit-undefined.js';
import { requireHost } from './require-host.js';

export interface AppContext {
  readonly keys: KeySet;
  readonly stores: Stores;
  readonly logger: Logger;
  readonly metrics: PrometheusMetrics;
  /** Aborts when the server begins to stop. */
  readonly stopping: AbortSignal;
}

type App = Hono<{ Bindings: HttpBindings }>;

/** Creates the routes of `gatecast serve`. */
export async function createApp(config: Config, appContext: AppContext): Promise<App> {
  const { keys, stores, logger, metrics } = appContext;
  const app: App = new Hono<{ Bindings: HttpBindings }>();
  app.use(requireHost(config.listen.hosts));
  const { playback, ingest } = config.issuers;
  for (const risk of configRisks(config)) logger.warn({}, risk);
  const cors = config.cors && omitUndefined(config.cors);
  const cookie =
    config.playlists &&
    createPlaylistCookie({
      keys,
      logger,
      ...omitUndefined({
        ...cookieAttributes(config.playlists),
        ttlSeconds: config.playlists.cookieTtlSeconds,
      }),
    });
  const tokens = createTokenHandler({
    issuers: {
      ...(playback && { playback: createIssuer(playback, appContext) }),
      ...(ingest && { ingest: createIssuer(ingest, appContext) }),
    },
    authorize: await createAuthorize(config.authorization),
    limits: omitUndefined(stores.limits),
    ...(config.limits.maxConcurrent !== undefined && {
      concurrentStreams: {
        store: stores.usage,
        maxConcurrent: config.limits.maxConcurrent,
        ...(config.limits.concurrentMode && { mode: config.limits.concurrentMode }),
        sessionCookie: omitUndefined(config.limits.sessionCookie ?? cookieAttributes(config.playlists)),
      },
    }),
    ...(config.store.whenDown && { whenStoreDown: config.store.whenDown }),
    ...(config.bootstrap && { bootstrap: bootstrapOptions(config.bootstrap, config.playlists) }),
    ...(cookie && { playlistCookie: cookie }),
    ...(config.dpop && { dpop: await dpopOptions(config.dpop, stores) }),
    ...(cors && { cors }),
    ...(stores.revocations && { revocations: stores.revocations, push: pushOptions(config, appContext) }),
    logger,
    metrics,
  });
  mount(app, config.paths.tokens, tokens, config.trustedProxies);
  mount(app, '/.well-known/jwks.json', createJwksHandler({ keys }), config.trustedProxies);

  if (config.playlists && cookie) {
    const { upstreams, path, ttlSeconds } = config.playlists;
    const signer = createPlaylistSigner({
      issuer: createPlaylistIssuer(playback, appContext),
      cookie,
      upstreams,
      path,
      isRevoked: denyList(stores.usage, { policy: config.store.whenDown ?? 'closed', logger }),
      ...(stores.revocations && { revocations: stores.revocations }),
      limits: stores.playlistLimits,
      ...(config.store.whenDown && { whenStoreDown: config.store.whenDown }),
      ...(cors && { cors }),
      ...(ttlSeconds !== undefined && { ttlSeconds }),
      logger,
      metrics,
    });
    mount(app, path, signer, config.trustedProxies);
  }

  mountHealth(app, appContext);
  if (!config.metrics) mountMetrics(app, appContext);
  return withProblems(app, appContext);
}

/** Creates the routes of the separate port for `/metrics`. */
export function createMetricsApp({ metrics }: Config, appContext: AppContext): App {
  const app: App = new Hono<{ Bindings: HttpBindings }>();
  app.use(requireHost(metrics?.hosts));
  mountHealth(app, appContext);
  mountMetrics(app, appContext);
  return withProblems(app, appContext);
}

/** Creates the routes of the separate port for operators. */
export function createAdminApp({ admin }: Config, handler: FetchHandler, appContext: AppContext): App {
  const app: App = new Hono<{ Bindings: HttpBindings }>();
  app.use(requireHost(admin?.hosts));
  // The key is for callers on this machine or network, so that no proxy is trusted.
  for (const path of ['/admin/revoke', '/admin/allow', '/admin/revocations']) mount(app, path, handler, 0);
  return withProblems(app, appContext);
}

function withProblems(app: App, { logger }: AppContext): App {
  app.notFound(() => new Problem('not-found', 'The route does not exist.').toResponse());
  app.onError((error) => {
    if (error instanceof Problem) return error.toResponse();
    logger.error({ causedBy: error.name }, 'A route failed');
    return new Problem('internal', 'The server failed.').toResponse();
  });
  return app;
}

function mount(app: App, path: string, handler: FetchHandler, trustedProxies: number): void {
  app.all(path, (context: Context<{ Bindings: HttpBindings }>) => {
    const { incoming, outgoing } = context.env;
    const client: HandlerContext = {
      clientAddress: clientAddress(incoming, trustedProxies),
      // A proxy that does not report the scheme usually terminates TLS.
      protocol: clientProtocol(incoming, trustedProxies) ?? (trustedProxies > 0 ? 'https' : undefined),
      readBody: (maxBytes) => readNodeBody(incoming, maxBytes),
    };
    return answerOnNode(handler, context.req.raw, client, incoming, outgoing);
  });
}

const noStore = { 'Cache-Control': 'no-store' };

function mountHealth(app: App, { stores, stopping }: AppContext): void {
  app.get('/healthz', (context) => context.text('ok', 200, noStore));
  app.get('/readyz', async (context) => {
    const isReady = !stopping.aborted && (await stores.isUp());
    return context.text(isReady ? 'ready' : 'not ready', isReady ? 200 : 503, noStore);
  });
}

function mountMetrics(app: App, { metrics }: AppContext): void {
  app.get('/metrics', async (context) =>
    context.body(await metrics.render(), 200, { 'Content-Type': metrics.contentType, ...noStore }),
  );
}

function pushOptions({ push }: Config, { stopping: signal }: AppContext): PushOptions | false {
  if (push === undefined || push === false) return false;
  return push === true ? { signal } : { ...omitUndefined(push), signal };
}

function cookieAttributes(playlists: Config['playlists']) {
  return {
    sameSite: playlists?.sameSite,
    secure: playlists?.secure,
    partitioned: playlists?.partitioned,
  };
}

/** `"media"` stands for the playlists of the first upstream of the signer, each with the name of its stream. */
function bootstrapOptions(
  given: NonNullable<Config['bootstrap']>,
  playlists: Config['playlists'],
): BootstrapOptions {
  if (given === 'media') {
    const { upstreams = [] } = playlists ?? {};
    const folder = (upstreams[0] ?? '').replace(/\/?$/, '/');
    return bootstrapOptions({ url: `${folder}{stream}.m3u8`, upstreams, media: true }, playlists);
  }
  const { url, upstreams, budgetMs, cacheMs, media } = given;
  return {
    upstreams,
    ...(url !== undefined && {
      playlistUrl: (stream: string) => url.replaceAll('{stream}', encodeURIComponent(stream)),
    }),
    ...omitUndefined({ budgetMs, cacheMs }),
    ...(media !== undefined && { media: media === true || media === false ? media : omitUndefined(media) }),
  };
}
