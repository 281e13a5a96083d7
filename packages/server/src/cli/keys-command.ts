import { Command, Option } from 'commander';
import type { SigningAlgorithm } from '../key/signing-key.js';
import { activeEntry, addKey, pruneKeys, type KeyEntry } from '../node/key-directory.js';
import { printable } from '../http/printable.js';
import { CliError, type CliIo } from './cli-io.js';
import { exampleText } from './example-text.js';
import { publicCommand } from './public-command.js';
import { requireKeyEntries } from './require-key-entries.js';
import { wholeNumber } from './whole-number.js';

interface NewOptions {
  readonly dir: string;
  readonly alg: SigningAlgorithm;
  readonly kid?: string;
  readonly delay: number;
}

const algorithm = () =>
  new Option('--alg <algorithm>', 'signature algorithm')
    .choices(['RS256', 'ES256', 'EdDSA'])
    .default('RS256');

/** `gatecast keys new | list | public | rotate` */
export function keysCommand(io: CliIo): Command {
  const keys = new Command('keys').description(
    'Create, list and rotate signing keys in a directory, and print public keys.',
  );

  keys
    .command('new')
    .description('Create a key. The first key of a directory signs immediately, later keys after --delay.')
    .requiredOption('--dir <path>', 'key directory; it is created if it does not exist')
    .addOption(algorithm())
    .option('--kid <id>', 'key id (default: thumbprint of the key)')
    .option(
      '--delay <seconds>',
      'seconds between publishing the key in the JWKS and signing with it, so that caches can fetch it',
      wholeNumber(0, 86_400),
      600,
    )
    .addHelpText('after', exampleText('gatecast keys new --dir keys'))
    .action(async (options: NewOptions) => {
      const entry = await make(io, options);
      io.out(`${entry.kid}\n`);
    });

  keys
    .command('list')
    .description('List the keys: id, algorithm, state, and since when each signs. Never prints key material.')
    .requiredOption('--dir <path>', 'key directory')
    .addHelpText('after', exampleText('gatecast keys list --dir keys'))
    .action(async ({ dir }: { dir: string }) => {
      const entries = await requireKeyEntries(dir);
      const active = activeEntry(entries, io.now());
      for (const entry of entries) io.out(`${describe(entry, active, io.now())}\n`);
    });

  keys.addCommand(publicCommand(io));

  keys
    .command('rotate')
    .description(
      'Create a key that signs after --delay, and remove keys that stopped signing more than --keep ago.',
    )
    .requiredOption('--dir <path>', 'key directory, with at least one key')
    .addOption(algorithm())
    .option('--kid <id>', 'key id (default: thumbprint of the key)')
    .option(
      '--delay <seconds>',
      'seconds between publishing the key in the JWKS and signing with it',
      wholeNumber(0, 86_400),
      600,
    )
    .option(
      '--keep <seconds>',
      'seconds to keep a key that no longer signs; at least the longest token lifetime',
      wholeNumber(1, 31_536_000),
      604_800,
    )
    .addHelpText('after', exampleText('gatecast keys rotate --dir keys'))
    .action(async ({ keep, ...options }: NewOptions & { keep: number }) => {
      await requireKeyEntries(options.dir);
      const removed = await pruneKeys(options.dir, io.now(), keep * 1000);
      for (const { kid } of removed) io.note(`removed ${kid}\n`);
      const entry = await make(io, options);
      io.note(`signs from ${entry.activeFrom}; running servers load the key within a minute\n`);
      io.out(`${entry.kid}\n`);
    });

  return keys;
}

async function make(io: CliIo, { dir, alg, kid, delay }: NewOptions): Promise<KeyEntry> {
  try {
    return await addKey(dir, { alg, kid, nowMs: io.now(), delayMs: delay * 1000 });
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : 'The key cannot be created.');
  }
}

function describe(entry: KeyEntry, active: KeyEntry | undefined, nowMs: number): string {
  const state = entry === active ? 'active' : Date.parse(entry.activeFrom) > nowMs ? 'waiting' : 'retired';
  return [entry.kid, entry.alg, state, `from ${entry.activeFrom}`].map(printable).join('\t');
}
