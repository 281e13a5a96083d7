import { Command, Option } from 'commander';
import { exportSPKI, importJWK } from 'jose';
import { importSigningKey, type SigningKey } from '../key/signing-key.js';
import { openKeyDirectory } from '../node/key-directory.js';
import { CliError, type CliIo } from './cli-io.js';
import { exampleText } from './example-text.js';
import { readSecretInput, refuseKey } from './read-input.js';
import { requireKeyEntries } from './require-key-entries.js';

interface PublicOptions {
  readonly dir?: string;
  readonly key?: string;
  readonly keyEnv?: string;
  readonly kid?: string;
  readonly format: 'jwks' | 'pem';
}

interface Keys {
  readonly active: SigningKey;
  readonly all: readonly SigningKey[];
}

/** `gatecast keys public` */
export function publicCommand(io: CliIo): Command {
  return new Command('public')
    .description(
      'Print the public keys, for an origin or "gatecast token verify": those of a directory, or the one of a private key. Never prints private key material.',
    )
    .option('--dir <path>', 'key directory')
    .option('--key <file>', 'file with the private key instead: PEM, base64-encoded PEM, or JWK; - for stdin')
    .option('--key-env <name>', 'environment variable with the private key instead')
    .option(
      '--kid <id>',
      'with --dir: print this key only; else the key id at the origin (default: thumbprint)',
    )
    .addOption(
      new Option('--format <format>', 'a JWKS with all keys, or the PEM (SPKI) of the key that signs now')
        .choices(['jwks', 'pem'])
        .default('jwks'),
    )
    .addHelpText('after', exampleText('gatecast keys public --dir keys > jwks.json'))
    .action(async (options: PublicOptions) => {
      const { active, all } = await readKeys(io, options);
      if (options.format === 'jwks') {
        io.out(`${JSON.stringify({ keys: all.map(({ publicJwk }) => publicJwk) }, null, 2)}\n`);
        return;
      }
      io.out(`${(await publicPem(active)).trim()}\n`);
      if (all.length > 1)
        io.note(`this is ${active.kid}, one of ${String(all.length)} keys; choose another one with --kid\n`);
    });
}

async function readKeys(io: CliIo, { dir, key, keyEnv, kid }: PublicOptions): Promise<Keys> {
  const given = [dir, key, keyEnv].filter((source) => source !== undefined);
  if (given.length !== 1) throw new CliError('Set one of --dir, --key and --key-env.');
  if (dir !== undefined) return readDirectory(io, dir, kid);
  const material = await readSecretInput(io, 'private key', { file: key, env: keyEnv });
  const signing = await importSigningKey(material, { kid }).catch(refuseKey({ file: key, env: keyEnv }));
  return { active: signing, all: [signing] };
}

async function readDirectory(io: CliIo, dir: string, kid: string | undefined): Promise<Keys> {
  await requireKeyEntries(dir);
  const { active, keys } = await openKeyDirectory(dir, () => io.now()).catch(asCliError);
  if (kid === undefined) return { active, all: keys };
  const found = keys.find((each) => each.kid === kid);
  if (found) return { active: found, all: [found] };
  throw new CliError(
    `${dir} does not contain the key of --kid. It has ${keys.map((each) => each.kid).join(', ')}. Name one of these, or omit --kid.`,
  );
}

async function publicPem({ publicJwk, alg }: SigningKey): Promise<string> {
  const key = await importJWK(publicJwk, alg, { extractable: true });
  if (key instanceof Uint8Array) throw new CliError('The key has no public key.');
  return exportSPKI(key);
}

function asCliError(error: unknown): never {
  throw new CliError(error instanceof Error ? error.message : 'The key cannot be read.');
}
