import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import type { Logger } from '../http/logger.js';
import type { Config } from '../serve/config-schema.js';
import type { RunningServer } from '../serve/serve.js';
import { WORKER_VARIABLE } from '../serve/worker-channel.js';
import { CliError, type CliIo } from './cli-io.js';
import { exampleText } from './example-text.js';
import { readConfig, whereConfigIs } from './read-config.js';
import { wholeNumber } from './whole-number.js';

/** `gatecast serve` and `gatecast config check` */
export function serveCommand(io: CliIo): Command {
  return new Command('serve')
    .description(
      'Run the token server. SIGTERM and SIGINT stop it after the current requests; SIGHUP reloads the keys.',
    )
    .requiredOption('--config <file>', 'configuration file (JSON)')
    .option('--port <port>', 'port to listen on; overrides listen.port', wholeNumber(0, 65_535))
    .addHelpText('after', exampleText('gatecast serve --config gatecast.config.json'))
    .action(async ({ config: path, port }: { config: string; port?: number }) => {
      const loaded = await readConfig(path);
      const listen = port === undefined ? loaded.listen : { ...loaded.listen, port };
      const config = { ...loaded, listen };
      // Imported here, so that the other commands start without loading the server's libraries.
      const { createPinoLogger } = await import('../node/pino-logger.js');
      const number = process.env[WORKER_VARIABLE];
      const logger = createPinoLogger(config.log);
      if (number !== undefined && cluster.worker) {
        // A terminal sends it to all processes; the primary reloads the keys of its workers.
        process.on('SIGHUP', () => undefined);
        const { runWorker } = await import('../serve/run-worker.js');
        const workerLogger = logger.child({ worker: Number(number) });
        const { worker } = cluster;
        await runWorker(config, workerLogger, worker, untilSignal())
          .catch(cannotStart)
          .finally(() => worker.disconnect());
        return;
      }
      const { secretFaults } = await import('../serve/secret-faults.js');
      const faults = await secretFaults(config);
      if (faults.length > 0)
        throw new CliError(['The server cannot start without its secrets:', ...faults].join('\n  '));
      const server = await startServing(config, logger).catch(cannotStart);
      // Before the note, because a script may stop the server as soon as it appears.
      const isStopped = untilSignal();
      io.note(`listening on http://${listen.host}:${String(server.port)}\n`);
      process.on('SIGHUP', () => {
        server.reload().then(
          () => logger.info({}, 'Keys reloaded'),
          () => logger.error({}, 'The keys cannot be reloaded; the current keys stay in use'),
        );
      });
      await isStopped;
      logger.info({}, 'Stopping');
      await server.stop();
    });
}

function cannotStart(error: unknown): never {
  throw new CliError(error instanceof Error ? error.message : 'The server cannot start.');
}

/** Starts the server in this process, or in one process for each worker. */
async function startServing(config: Config, logger: Logger): Promise<RunningServer> {
  const count = config.workers === 'auto' ? availableParallelism() : config.workers;
  if (count === 1) return (await import('../serve/serve.js')).serve(config, logger);
  if (cluster.isWorker)
    throw new Error('This process is a worker of a cluster. Remove the option workers, or run it alone.');
  const { serveWorkers } = await import('../serve/serve-workers.js');
  const fork = (number: number) => cluster.fork({ [WORKER_VARIABLE]: String(number) });
  return serveWorkers({ count, logger, fork });
}

export function configCommand(io: CliIo): Command {
  const config = new Command('config').description('Check configuration files.');
  config
    .command('check')
    .description(
      'Check a configuration file. Prints one line for each fault and exits with code 1 if there are any.',
    )
    .argument('[file]', 'configuration file (JSON)')
    .option('--config <file>', 'the same as <file>, as other commands name it')
    .addHelpText('after', exampleText('gatecast config check gatecast.config.json'))
    .action(async (file: string | undefined, { config: named }: { config?: string }) => {
      const path = file ?? named;
      if (path === undefined) throw new CliError(`No configuration file is named. ${whereConfigIs()}`);
      if (file !== undefined && named !== undefined && file !== named)
        throw new CliError('Two configuration files are named. Name one.');
      await readConfig(path, 1);
      io.out('ok\n');
    });
  return config;
}

/**
 * Further signals have no effect. npx, for example, passes on a signal that the server also gets itself, and the second one
 * would end it with its current requests.
 */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGTERM', () => resolve());
    process.on('SIGINT', () => resolve());
  });
}
