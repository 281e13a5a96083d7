import { existsSync } from 'node:fs';
import { Command, CommanderError, Help, type Option } from 'commander';
import { printableLines } from '../http/printable.js';
import { CliError, type CliIo, type ExitCode } from './cli-io.js';
import { conformanceCommand } from './conformance-command.js';
import { doctorCommand } from './doctor-command.js';
import { howToBegin } from './how-to-begin.js';
import { initCommand } from './init/init-command.js';
import { keysCommand } from './keys-command.js';
import { withNextStep } from './read-config.js';
import { CONFIG_FILE } from './run-with.js';
import { configCommand, serveCommand } from './serve-command.js';
import { revokeCommand } from './revoke-command.js';
import { refuseUnknownOption } from './refuse-unknown-option.js';
import { tokenCommand } from './token-command.js';
import { VERSION } from './version.js';

/** Makes each command of `gatecast`. */
export const commands = [
  initCommand,
  serveCommand,
  keysCommand,
  tokenCommand,
  configCommand,
  revokeCommand,
  conformanceCommand,
  doctorCommand,
] as const;

/** Runs the command line. */
export async function runProgram(args: readonly string[], rawIo: CliIo): Promise<ExitCode> {
  const io = withSafeOutput(rawIo);
  const program = new Command('gatecast')
    .description(
      'Token backend for protected streams: write a configuration, run the server, manage signing keys, and mint or check tokens.',
    )
    .version(VERSION, '--version', 'show the version');
  for (const command of commands) program.addCommand(command(io));
  prepare(program, io);
  try {
    if (args.length === 0) {
      io.out(howToBegin(existsSync(CONFIG_FILE) ? CONFIG_FILE : null));
      return 0;
    }
    refuseUnknownOption(program, args);
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CliError)) return await noteUnexpected(io, error);
    io.note(`gatecast: ${error.message}\n`);
    return error.exitCode;
  }
}

/** One line without secrets: a stack trace says nothing to the person who has typed the command. */
async function noteUnexpected(io: CliIo, error: unknown): Promise<ExitCode> {
  // Imported here, so that commands start without the code of the player.
  const { describeUnexpected } = await import('../doctor/describe-unexpected.js');
  io.note(`gatecast: The command failed: ${describeUnexpected(error)}\n`);
  return 2;
}

/** Claims, file names and responses of servers come from outside: nothing that is printed controls the terminal. */
function withSafeOutput(io: CliIo): CliIo {
  const { ask } = io;
  return {
    out: (text) => io.out(printableLines(text)),
    note: (text) => io.note(printableLines(text)),
    readStdin: () => io.readStdin(),
    now: () => io.now(),
    ask: ask && ((question, fallback) => ask(printableLines(question), fallback)),
  };
}

/** Commander does not pass these settings on to commands that were created separately. */
function prepare(command: Command, io: CliIo): void {
  command
    .exitOverride()
    .helpOption('-h, --help', 'show this help')
    .showHelpAfterError('Use --help for usage.')
    .configureHelp({ optionDescription: describeOption })
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.note(text),
      outputError: (text, write) => write(withNextStep(text)),
    });
  for (const child of command.commands) prepare(child, io);
}

function describeOption(option: Option): string {
  const description = new Help().optionDescription(option);
  return option.mandatory ? `${description} (required)` : description;
}
