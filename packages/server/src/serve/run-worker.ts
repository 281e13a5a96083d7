import { createPrometheusMetrics } from '../node/prometheus-metrics.js';
import type { Logger } from '../http/logger.js';
import type { Config } from './config-schema.js';
import { serveWith } from './serve.js';
import { WorkerChannel, type MessagePeer } from './worker-channel.js';

/**
 * Runs the server in a worker of {@link serveWorkers}, until the primary or a signal stops it. It signs on its own thread, and
 * `/metrics` has the figures of all workers.
 *
 * @param untilSignal - resolves when the process gets a signal to stop.
 */
export async function runWorker(
  config: Config,
  logger: Logger,
  primary: MessagePeer,
  untilSignal: Promise<void>,
): Promise<void> {
  const metrics = createPrometheusMetrics();
  let stopNow = (): void => undefined;
  const isStopped = new Promise<void>((resolve) => (stopNow = resolve));
  const channel = new WorkerChannel(primary, {
    figures: () => metrics.figures(),
    reload: () => server.reload(),
    async stop() {
      stopNow();
    },
  });
  const rendered = async () => String(await channel.ask('metrics'));
  const server = await serveWith(config, logger, {
    metrics: { ...metrics, render: rendered },
    signsNatively: true,
  });
  const { port, metricsPort, adminPort } = server;
  await channel.ask('listening', { port, metricsPort, adminPort });
  await Promise.race([isStopped, untilSignal]);
  await server.stop();
}
