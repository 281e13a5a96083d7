import { Command, CommanderError } from 'commander';
import { CliError, type CliIo } from './cli-io.js';
import { conformanceCommand } from './conformance-command.js';
import { keysCommand } from './keys-command.js';
import { configCommand, serveCommand } from './serve-command.js';
import { tokenCommand } from './token-command.js';

/**
 * Runs the command line.
 *
 * @returns the exit code: 0 done, 1 what was checked is not good, 2 the command cannot be run as it was given.
 */
export async function runProgram(args: readonly string[], io: CliIo): Promise<0 | 1 | 2> {
  const program = new Command('gatecast')
    .description('The token backend: mints or fetches stream tokens, so that no key reaches a browser.')
    .showHelpAfterError('(see --help)');
  for (const command of [serveCommand, keysCommand, tokenCommand, configCommand, conformanceCommand]) {
    program.addCommand(command(io));
  }
  prepare(program, io);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CliError)) throw error;
    io.note(`gatecast: ${error.message}\n`);
    return error.exitCode;
  }
}

/** Settings that commander does not hand down to commands which were built apart. */
function prepare(command: Command, io: CliIo): void {
  command
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.note(text) });
  for (const child of command.commands) prepare(child, io);
}
