import { Command } from 'commander';
import type { Config } from '../serve/config-schema.js';
import { ConfigError, loadConfig } from '../serve/load-config.js';
import { CliError, type CliIo } from './cli-io.js';
import { wholeNumber } from './whole-number.js';

/** `gatecast serve` and `gatecast config check` */
export function serveCommand(io: CliIo): Command {
  return new Command('serve')
    .description(
      'Run the token server until SIGTERM or SIGINT; requests in flight are finished. SIGHUP reads the keys again.',
    )
    .requiredOption('--config <file>', 'configuration file (JSON)')
    .option('--port <port>', 'listen here in place of the configuration’s port', wholeNumber(0, 65_535))
    .action(async ({ config: path, port }: { config: string; port?: number }) => {
      const config = await load(path);
      // Loaded here only: the other commands start in a fraction of the time without a server's libraries.
      const [{ createPinoLogger }, { serve }] = await Promise.all([
        import('../node/pino-logger.js'),
        import('../serve/serve.js'),
      ]);
      const logger = createPinoLogger(config.log);
      const listen = port === undefined ? config.listen : { ...config.listen, port };
      const server = await serve({ ...config, listen }, logger).catch((error: unknown) => {
        throw new CliError(error instanceof Error ? error.message : 'The server cannot start.');
      });
      io.note(`listening on http://${listen.host}:${String(server.port)}\n`);
      process.on('SIGHUP', () => {
        server.reload().then(
          () => logger.info({}, 'The keys were read again'),
          () => logger.error({}, 'The keys cannot be read; those in use stay'),
        );
      });
      await untilSignal();
      logger.info({}, 'Stopping');
      await server.stop();
    });
}

export function configCommand(io: CliIo): Command {
  const config = new Command('config').description('Work with configuration files.');
  config
    .command('check')
    .description('Check a configuration file; exit code 1 and one line for each fault.')
    .argument('<file>', 'configuration file (JSON)')
    .action(async (path: string) => {
      await loadConfig(path).catch((error: unknown) => {
        throw error instanceof ConfigError ? new CliError(error.message, 1) : error;
      });
      io.out('ok\n');
    });
  return config;
}

async function load(path: string): Promise<Config> {
  return loadConfig(path).catch((error: unknown) => {
    throw error instanceof ConfigError ? new CliError(error.message) : error;
  });
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}
