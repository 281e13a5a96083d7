import { tokenPurposes, type TokenPurpose } from '@gatecast/contract';
import { Command, InvalidArgumentError, Option } from 'commander';
import { signedJwt } from '../issuer/signed-jwt.js';
import { createKeySet } from '../key/key-set.js';
import { importSigningKey } from '../key/signing-key.js';
import { Problem } from '../http/problem.js';
import { createTokenVerifier } from '../verify/token-verifier.js';
import { callerCommand } from './caller-command.js';
import { CliError, type CliIo } from './cli-io.js';
import { describeReading, describeToken } from './describe-token.js';
import { exampleText } from './example-text.js';
import { readSecretInput, refuseKey } from './read-input.js';
import { readJwks } from './read-jwks.js';
import { readHeaderLines } from './read-header-lines.js';
import { wholeNumber } from './whole-number.js';

interface MintOptions {
  readonly config?: string;
  readonly stream?: string;
  readonly purpose: TokenPurpose;
  readonly key?: string;
  readonly keyEnv?: string;
  readonly kid?: string;
  readonly sub?: string;
  readonly aud?: string;
  readonly ttl?: number;
  readonly iss?: string;
  readonly claim?: Record<string, unknown>;
}

interface SourceOptions {
  readonly file?: string;
  readonly env?: string;
}

interface VerifyOptions extends SourceOptions {
  readonly config?: string;
  readonly purpose: TokenPurpose;
  readonly headersFile?: string;
  readonly headersEnv?: string;
  readonly jwks?: string;
  readonly aud?: string;
  readonly sub?: string;
  readonly iss?: string;
  readonly tolerance?: number;
}

/** `gatecast token mint | inspect | verify | caller` */
export function tokenCommand(io: CliIo): Command {
  const token = new Command('token').description('Mint, inspect and verify tokens.');

  token
    .command('mint')
    .description(
      'Sign a JWT and print it to stdout. With --config, print what the configured issuer issues for a stream: one item of a token response per line, as JSON, with the values of Set-Cookie.',
    )
    .option('--config <file>', 'configuration of gatecast serve, whose issuer issues the token')
    .option('--stream <name>', 'stream name, with --config')
    .addOption(purposeOption())
    .option('--key <file>', 'file with the private key: PEM, base64-encoded PEM, or JWK (default: stdin)')
    .option('--key-env <name>', 'environment variable with the private key')
    .option('--kid <id>', 'key id at the origin (default: RFC 7638 thumbprint of the key)')
    .option('--sub <id>', 'subject: stream name or playback id; required without --config')
    .option('--aud <audience>', 'audience (default: "v")')
    .option(
      '--ttl <seconds>',
      'lifetime in seconds (default: 300, with --config that of the issuer)',
      wholeNumber(1, 31_536_000),
    )
    .option('--iss <issuer>', 'issuer (default: no iss claim)')
    .option('--claim <name=value>', 'additional claim; the value is JSON or text; repeatable', collectClaim)
    .addHelpText(
      'after',
      exampleText('gatecast token mint --key stream-key.pem --kid ABC123 --sub demo-high') +
        '  $ gatecast token mint --config gatecast.config.json --stream demo-high\n',
    )
    .action((options: MintOptions) =>
      options.config === undefined ? mint(io, options) : mintFrom(io, options.config, options),
    );

  token
    .command('inspect')
    .description(
      'Print what a token says, and warn about mistakes: a JWT, or the address, query, path, header or cookie with a token of a CDN. Does not verify it, and never prints a signature.',
    )
    .option('--file <path>', 'file with the token (default: stdin)')
    .option('--env <name>', 'environment variable with the token')
    .option('--aud <audience>', 'expected audience of a JWT', 'v')
    .addHelpText('after', exampleText('gatecast token inspect --file token.txt'))
    .action(async ({ aud, ...source }: SourceOptions & { aud: string }) => {
      const text = await readSecretInput(io, 'token', source);
      const description = describeToken(text, { audience: aud, nowMs: io.now() });
      const { readSchemes } = await import('../issuer/read-schemes.js');
      const readings = description ? [] : readSchemes(text);
      const all = description ? [description] : readings.map((each) => describeReading(each, io.now()));
      if (all.length === 0) {
        throw new CliError(
          'The text is not a JWT, which has three base64url parts separated by dots, nor a token of a known CDN. Give the token or the address whole, as it is sent.',
          1,
        );
      }
      for (const { lines, warnings } of all) {
        io.out(`${lines.join('\n')}\n`);
        for (const warning of warnings) io.note(`warning: ${warning}\n`);
      }
    });

  token
    .command('verify')
    .description(
      'Verify a JWT with --jwks, or an address as the configured CDN does with --config. Exit code 1 if it is not valid.',
    )
    .option('--jwks <file or URL>', 'public keys (JWKS)')
    .option('--config <file>', 'configuration of gatecast serve, with an issuer for a CDN')
    .addOption(purposeOption())
    .option('--file <path>', 'file with the token, or with --config the address (default: stdin)')
    .option('--env <name>', 'environment variable with the token, or with --config the address')
    .option(
      '--headers-file <path>',
      'file with headers of the request, one "Name: value" per line, with --config',
    )
    .option('--headers-env <name>', 'environment variable with such headers, with --config')
    .option('--aud <audience>', 'expected audience (default: "v")')
    .option('--sub <id>', 'expected subject (default: any)')
    .option('--iss <issuer>', 'expected issuer (default: any)')
    .option('--tolerance <seconds>', 'accepted clock difference in seconds (default: 0)', wholeNumber(0, 300))
    .addHelpText(
      'after',
      exampleText(
        'gatecast token verify --jwks https://backend.example/.well-known/jwks.json --file token.txt',
      ) + '  $ gatecast token verify --config gatecast.config.json --file address.txt\n',
    )
    .action((options: VerifyOptions) =>
      options.config === undefined ? verify(io, options) : verifyWith(io, options.config, options),
    );

  token.addCommand(callerCommand(io));

  return token;
}

function purposeOption(): Option {
  return new Option('--purpose <purpose>', 'purpose of the issuer, with --config')
    .choices(tokenPurposes)
    .default('playback');
}

/** @throws CliError if one of the options, which only the other form of the command has, is set. */
function refuseOptions(given: Readonly<Record<string, unknown>>, form: string): void {
  const name = Object.keys(given).find((each) => given[each] !== undefined);
  if (name !== undefined) throw new CliError(`--${name} has no effect ${form} --config. Remove it.`);
}

async function mint(io: CliIo, options: MintOptions): Promise<void> {
  const { key, keyEnv, kid, sub, aud = 'v', ttl = 300, iss, claim, stream } = options;
  refuseOptions({ stream }, 'without');
  if (sub === undefined) throw new CliError('--sub is missing. Set it to the stream name or playback id.');
  const material = await readSecretInput(io, 'private key', { file: key, env: keyEnv });
  const signingKey = await importSigningKey(material, { kid }).catch(refuseKey({ file: key, env: keyEnv }));
  const signing = {
    keys: createKeySet([signingKey]),
    audience: aud,
    claims: claim ?? {},
    now: () => io.now(),
    ...(iss !== undefined && { issuer: iss }),
  };
  const issued = await signedJwt(signing, 'gatecast token mint')
    .issue({ purpose: 'playback', stream: sub, grant: { ttlSeconds: ttl } })
    .catch(asCliError);
  io.out(`${issued.token ?? ''}\n`);
}

async function mintFrom(io: CliIo, config: string, options: MintOptions): Promise<void> {
  const { stream, purpose, ttl: ttlSeconds, claim: claims = {}, sub, aud, iss, kid, key, keyEnv } = options;
  refuseOptions({ sub, aud, iss, kid, key, 'key-env': keyEnv }, 'with');
  if (stream === undefined) throw new CliError('--stream is missing. Set it to the name of the stream.');
  const { mintConfigured } = await import('./configured-issuer.js');
  io.out(await mintConfigured(io, { config, purpose, stream, ttlSeconds, claims }));
}

async function verify(io: CliIo, options: VerifyOptions): Promise<void> {
  const { jwks, aud = 'v', sub, iss, tolerance = 0, headersFile, headersEnv, ...source } = options;
  refuseOptions({ 'headers-file': headersFile, 'headers-env': headersEnv }, 'without');
  if (jwks === undefined) throw new CliError('Set --jwks to verify a JWT, or --config to verify an address.');
  const text = await readSecretInput(io, 'token', source);
  const verifier = createTokenVerifier({
    keys: await readJwks(jwks),
    audience: aud,
    clockToleranceSeconds: tolerance,
    now: () => io.now(),
    ...(iss !== undefined && { issuer: iss }),
  });
  const verified = await verifier.verify(text, { stream: sub }).catch((error: unknown) => {
    if (error instanceof Problem) throw new CliError(describeProblem(error), 1);
    throw error;
  });
  io.out(`ok: valid for "${verified.stream}" until ${new Date(verified.expiresAtMs).toISOString()}\n`);
}

async function verifyWith(io: CliIo, config: string, options: VerifyOptions): Promise<void> {
  const { purpose, jwks, aud, sub, iss, tolerance, headersFile, headersEnv, ...source } = options;
  refuseOptions({ jwks, aud, sub, iss, tolerance }, 'with');
  const { verifyConfigured } = await import('./configured-issuer.js');
  const hasHeaders = headersFile !== undefined || headersEnv !== undefined;
  const lines = hasHeaders
    ? await readSecretInput(io, 'headers', { file: headersFile, env: headersEnv })
    : '';
  const url = await readSecretInput(io, 'address', source);
  const expiresAt = await verifyConfigured(io, { config, purpose }, url, readHeaderLines(lines));
  io.out(`ok: valid until ${new Date(expiresAt * 1000).toISOString()}\n`);
}

function describeProblem({ code, message, hint, cause }: Problem): string {
  if (code !== 'keys-unavailable') return `${code}: ${message}${hint === undefined ? '' : ` ${hint}`}`;
  const isOwn = cause instanceof Error && cause.message.startsWith('The JWKS ');
  const why = isOwn ? ` ${cause.message}` : '';
  return `${code}: ${message}${why} Check the address in --jwks: it must return a JWKS, { "keys": [...] }.`;
}

function collectClaim(text: string, claims: Record<string, unknown> = {}): Record<string, unknown> {
  const separator = text.indexOf('=');
  if (separator < 1) throw new InvalidArgumentError('Use name=value.');
  const value = text.slice(separator + 1);
  return { ...claims, [text.slice(0, separator)]: parseValue(value) };
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function asCliError(error: unknown): never {
  throw new CliError(error instanceof Error ? error.message : 'The command failed.');
}
