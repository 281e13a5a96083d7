import { Command, Option } from 'commander';
import type { SigningAlgorithm } from '../key/signing-key.js';
import { activeEntry, addKey, pruneKeys, readKeyEntries, type KeyEntry } from '../node/key-directory.js';
import { CliError, type CliIo } from './cli-io.js';
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

/** `gatecast keys new | list | rotate` */
export function keysCommand(io: CliIo): Command {
  const keys = new Command('keys').description('Make, list and rotate signing keys in a directory.');

  keys
    .command('new')
    .description('Make a key. The first of a directory signs at once, a later one after --delay.')
    .requiredOption('--dir <path>', 'directory of keys, made if absent')
    .addOption(algorithm())
    .option('--kid <id>', 'key id (default: thumbprint of the key)')
    .option(
      '--delay <seconds>',
      'time it is only published, so that caches have it first',
      wholeNumber(0, 86_400),
      600,
    )
    .action(async (options: NewOptions) => {
      const entry = await make(io, options);
      io.out(`${entry.kid}\n`);
    });

  keys
    .command('list')
    .description('List keys with their state; never their content.')
    .requiredOption('--dir <path>', 'directory of keys')
    .action(async ({ dir }: { dir: string }) => {
      const entries = await readKeyEntries(dir);
      if (entries.length === 0)
        throw new CliError(`There are no keys in ${dir}: make one with "gatecast keys new".`, 1);
      const active = activeEntry(entries, io.now());
      for (const entry of entries) io.out(`${describe(entry, active, io.now())}\n`);
    });

  keys
    .command('rotate')
    .description('Make a new key that signs after --delay, and remove keys that stopped signing --keep ago.')
    .requiredOption('--dir <path>', 'directory of keys')
    .addOption(algorithm())
    .option('--kid <id>', 'key id (default: thumbprint of the key)')
    .option('--delay <seconds>', 'time it is only published', wholeNumber(0, 86_400), 600)
    .option('--keep <seconds>', 'longest life of a token', wholeNumber(1, 31_536_000), 604_800)
    .action(async ({ keep, ...options }: NewOptions & { keep: number }) => {
      const removed = await pruneKeys(options.dir, io.now(), keep * 1000);
      for (const { kid } of removed) io.note(`removed ${kid}\n`);
      const entry = await make(io, options);
      io.note(`signs from ${entry.activeFrom}; servers notice it by themselves within a minute\n`);
      io.out(`${entry.kid}\n`);
    });

  return keys;
}

async function make(io: CliIo, { dir, alg, kid, delay }: NewOptions): Promise<KeyEntry> {
  try {
    return await addKey(dir, { alg, kid, nowMs: io.now(), delayMs: delay * 1000 });
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : 'The key cannot be made.');
  }
}

function describe(entry: KeyEntry, active: KeyEntry | undefined, nowMs: number): string {
  const state = entry === active ? 'active' : Date.parse(entry.activeFrom) > nowMs ? 'waiting' : 'retired';
  return [entry.kid, entry.alg, state, `from ${entry.activeFrom}`].join('\t');
}
