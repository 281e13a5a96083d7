import { Command } from 'commander';
import type { Config } from '../serve/config-schema.js';
import { ConfigError, loadConfig } from '../serve/load-config.js';
import { CliError, type CliIo } from './cli-io.js';
import { exampleText } from './example-text.js';
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
      const config = await load(path);
      // Imported here, so that the other commands start without loading the server's libraries.
      const [{ createPinoLogger }, { serve }] = await Promise.all([
        import('../node/pino-logger.js'),
        import('../serve/serve.js'),
      ]);
      const logger = createPinoLogger(config.log);
      const listen = port === undefined ? config.listen : { ...config.listen, port };
      const server = await serve({ ...config, listen }, logger).catch((error: unknown) => {
        throw new CliError(error instanceof Error ? error.message : 'The server cannot start.');
      });
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

export function configCommand(io: CliIo): Command {
  const config = new Command('config').description('Check configuration files.');
  config
    .command('check')
    .description(
      'Check a configuration file. Prints one line for each fault and exits with code 1 if there are any.',
    )
    .argument('<file>', 'configuration file (JSON)')
    .addHelpText('after', exampleText('gatecast config check gatecast.config.json'))
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
