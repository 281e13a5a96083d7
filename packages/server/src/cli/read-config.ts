import { existsSync } from 'node:fs';
import type { Config } from '../serve/config-schema.js';
import { ConfigError, loadConfig } from '../serve/load-config.js';
import { CliError } from './cli-io.js';
import { COMMAND, CONFIG_FILE } from './run-with.js';

/**
 * Reads the configuration that a command is run with.
 *
 * @param exitCode - for a file that is not a valid configuration. @defaultValue 2
 * @throws CliError; for a file that does not exist, with code 2 and the next step.
 */
export async function readConfig(path: string, exitCode: 1 | 2 = 2): Promise<Config> {
  if (!existsSync(path)) throw new CliError(`The configuration ${path} does not exist. ${whereConfigIs()}`);
  return loadConfig(path).catch((error: unknown) => {
    throw error instanceof ConfigError ? new CliError(error.message, exitCode) : error;
  });
}

/** What to do without a configuration, or with a path that leads to none. */
export function whereConfigIs(): string {
  return existsSync(CONFIG_FILE)
    ? `This folder has a ${CONFIG_FILE}: name that file.`
    : `Name a configuration that exists, or write one with "${COMMAND} init".`;
}

/** An error of the arguments; of a configuration that is not named, with the next step. */
export function withNextStep(error: string): string {
  return error.startsWith("error: required option '--config <")
    ? `${error.trimEnd()}. ${whereConfigIs()}\n`
    : error;
}
