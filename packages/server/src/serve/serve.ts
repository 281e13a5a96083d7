import { once } from 'node:events';
import { getRequestListener } from '@hono/node-server';
import { sleep } from '../http/timeouts.js';
import { withNativeSigning } from '../node/native-signing.js';
import { createPrometheusMetrics, type PrometheusMetrics } from '../node/prometheus-metrics.js';
import type { Logger } from '../http/logger.js';
import type { Config } from './config-schema.js';
import { createApp, createMetricsApp } from './create-app.js';
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
  const stores = await createStores(config, logger);
  const stopping = new AbortController();
  const isAccepting = () => !stopping.signal.aborted;
  const appContext = { keys, stores, logger, metrics, isAccepting };
  const closeStores = (error: unknown): never => {
    // An open connection to a store would keep the process alive.
    stores.close();
    throw error;
  };
  const server = await createApp(config, appContext)
    .then((app) => startServer(app, config.listen, 'listen'))
    .catch(closeStores);
  const metricsServer = config.metrics && (await startMetrics().catch(closeStores));
  const servers = metricsServer ? [server, metricsServer] : [server];
  void keepReloading(reload, logger, stopping.signal);

  async function stop(graceMs = 10_000): Promise<void> {
    if (stopping.signal.aborted) return;
    stopping.abort();
    await Promise.all(servers.map((each) => each.draining.stop(graceMs)));
    stores.close();
  }

  async function startMetrics(): Promise<StartedServer> {
    try {
      return await startServer(
        createMetricsApp(config, appContext),
        config.metrics ?? config.listen,
        'metrics',
      );
    } catch (error) {
      // Otherwise the port of the first server would stay in use.
      await server.draining.stop(0);
      throw error;
    }
  }

  return {
    port: server.port,
    ...(metricsServer && { metricsPort: metricsServer.port }),
    reload,
    stop,
  };
}

interface StartedServer {
  readonly draining: DrainingServer;
  readonly port: number;
}

/** Resolves when the server listens. */
async function startServer(
  app: Awaited<ReturnType<typeof createApp>>,
  listen: { readonly port: number; readonly host: string },
  option: 'listen' | 'metrics',
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
