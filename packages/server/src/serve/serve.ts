import { once } from 'node:events';
import { getRequestListener } from '@hono/node-server';
import { omitUndefined } from '../http/omit-undefined.js';
import { sleep } from '../http/timeouts.js';
import { withNativeSigning } from '../node/native-signing.js';
import { createPrometheusMetrics, type PrometheusMetrics } from '../node/prometheus-metrics.js';
import type { Logger } from '../http/logger.js';
import type { Config } from './config-schema.js';
import { createAdminHandler } from './create-admin-app.js';
import { createAdminApp, createApp, createMetricsApp } from './create-app.js';
import { createLimitedServer } from './create-limited-server.js';
import { createStores } from './create-stores.js';
import { DrainingServer } from './drain-server.js';
import { listenFault } from './listen-fault.js';
import { openKeys } from './open-keys.js';

export interface RunningServer {
  /** Port that the server listens on. */
  readonly port: number;
  /** Port of `/metrics`, if the configuration has one. */
  readonly metricsPort?: number;
  /** Port of `/admin/revoke`, if the configuration has one. */
  readonly adminPort?: number;
  /** Reads the key directory again. */
  reload(): Promise<void>;
  /**
   * Accepts no new connection, serves current requests and those that clients send on open connections within a second,
   * all with `Connection: close`, and resolves when the server is closed. Connections that are still open after `graceMs`
   * (10,000 by default) are closed.
   */
  stop(graceMs?: number): Promise<void>;
}

/** Interval at which the key directory is reloaded, so that every instance gets a rotated key. */
const KEY_RELOAD_MS = 60_000;

/**
 * Starts the token server.
 *
 * @param config - result of `loadConfig`.
 * @throws Error if a key, secret or store cannot be read, or the port is in use.
 * @example
 * ```ts
 * const server = await serve(await loadConfig('gatecast.config.json'), createPinoLogger());
 * ```
 */
export function serve(config: Config, logger: Logger): Promise<RunningServer> {
  return serveWith(config, logger, { metrics: createPrometheusMetrics(), signsNatively: false });
}

/** What a worker has of its own. */
export interface ServeParts {
  readonly metrics: PrometheusMetrics;
  /** Sign on this thread, for a process that has one core? */
  readonly signsNatively: boolean;
}

/** Starts the token server with these parts. */
export async function serveWith(
  config: Config,
  logger: Logger,
  { metrics, signsNatively }: ServeParts,
): Promise<RunningServer> {
  const { keys: opened, reload } = await openKeys(config);
  const keys = signsNatively ? withNativeSigning(opened) : opened;
  const stores = await createStores(config, logger, metrics);
  const stopping = new AbortController();
  const appContext = { keys, stores, logger, metrics, stopping: stopping.signal };
  const started: StartedServer[] = [];
  const start = async (...call: Parameters<typeof startServer>) => {
    const server = await startServer(...call);
    started.push(server);
    return server.port;
  };

  async function startAll() {
    const admin = await createAdminHandler(config, appContext);
    const port = await start(await createApp(config, appContext), config.listen, 'listen');
    const metricsPort =
      config.metrics && (await start(createMetricsApp(config, appContext), config.metrics, 'metrics'));
    const adminPort =
      config.admin && admin
        ? await start(createAdminApp(config, admin, appContext), config.admin, 'admin')
        : undefined;
    return omitUndefined({ port, metricsPort, adminPort });
  }

  const ports = await startAll().catch(async (error: unknown) => {
    // Otherwise their ports would stay in use, and an open connection to a store would keep the process alive.
    await Promise.all(started.map(({ draining }) => draining.stop(0)));
    stores.close();
    throw error;
  });
  void keepReloading(reload, logger, stopping.signal);

  async function stop(graceMs = 10_000): Promise<void> {
    if (stopping.signal.aborted) return;
    stopping.abort();
    await Promise.all(started.map(({ draining }) => draining.stop(graceMs)));
    stores.close();
  }

  return { ...ports, reload, stop };
}

interface StartedServer {
  readonly draining: DrainingServer;
  readonly port: number;
}

/** Resolves when the server listens. */
async function startServer(
  app: Awaited<ReturnType<typeof createApp>>,
  listen: { readonly port: number; readonly host: string },
  option: 'listen' | 'metrics' | 'admin',
): Promise<StartedServer> {
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
  });
  const server = createLimitedServer((incoming, outgoing) => void listener(incoming, outgoing));
  const draining = new DrainingServer(server);
  server.listen(listen.port, listen.host);
  await once(server, 'listening').catch((error: unknown) => {
    throw listenFault(error, listen, option);
  });
  const address = server.address();
  return { draining, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

async function keepReloading(
  reload: () => Promise<void>,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const hasWaited = () =>
    sleep(KEY_RELOAD_MS, signal).then(
      () => true,
      () => false,
    );
  while (await hasWaited()) {
    await reload().catch((error: unknown) => {
      logger.error(
        { causedBy: error instanceof Error ? error.name : typeof error },
        'The keys cannot be reloaded; the current keys stay in use',
      );
    });
  }
}
