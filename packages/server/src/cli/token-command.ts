import { Command, InvalidArgumentError } from 'commander';
import type { JSONWebKeySet } from 'jose';
import { signedJwt } from '../issuer/signed-jwt.js';
import { createKeySet } from '../key/key-set.js';
import { importSigningKey } from '../key/signing-key.js';
import { Problem } from '../http/problem.js';
import { createTokenVerifier } from '../verify/token-verifier.js';
import { CliError, type CliIo } from './cli-io.js';
import { describeToken } from './describe-token.js';
import { exampleText } from './example-text.js';
import { readSecretInput, readTextFile } from './read-input.js';
import { wholeNumber } from './whole-number.js';

interface MintOptions {
  readonly key?: string;
  readonly keyEnv?: string;
  readonly kid?: string;
  readonly sub: string;
  readonly aud: string;
  readonly ttl: number;
  readonly iss?: string;
  readonly claim?: Record<string, unknown>;
}

interface SourceOptions {
  readonly file?: string;
  readonly env?: string;
}

interface VerifyOptions extends SourceOptions {
  readonly jwks: string;
  readonly aud: string;
  readonly sub?: string;
  readonly iss?: string;
  readonly tolerance: number;
}

/** `gatecast token mint | inspect | verify` */
export function tokenCommand(io: CliIo): Command {
  const token = new Command('token').description('Mint, inspect and verify tokens.');

  token
    .command('mint')
    .description('Sign a token and print it to stdout.')
    .option('--key <file>', 'file with the private key: PEM, base64-encoded PEM, or JWK (default: stdin)')
    .option('--key-env <name>', 'environment variable with the private key')
    .option('--kid <id>', 'key id at the origin (default: RFC 7638 thumbprint of the key)')
    .requiredOption('--sub <id>', 'subject: stream name or playback id')
    .option('--aud <audience>', 'audience', 'v')
    .option('--ttl <seconds>', 'lifetime in seconds', wholeNumber(1, 31_536_000), 300)
    .option('--iss <issuer>', 'issuer (default: no iss claim)')
    .option('--claim <name=value>', 'additional claim; the value is JSON or text; repeatable', collectClaim)
    .addHelpText(
      'after',
      exampleText('gatecast token mint --key stream-key.pem --kid ABC123 --sub demo-high'),
    )
    .action(async ({ key, keyEnv, kid, sub, aud, ttl, iss, claim }: MintOptions) => {
      const material = await readSecretInput(io, 'private key', { file: key, env: keyEnv });
      const signingKey = await importSigningKey(material, { kid }).catch(asCliError);
      const options = {
        keys: createKeySet([signingKey]),
        audience: aud,
        claims: claim ?? {},
        now: () => io.now(),
        ...(iss !== undefined && { issuer: iss }),
      };
      const issuer = signedJwt(options, 'gatecast token mint');
      const issued = await issuer
        .issue({ purpose: 'playback', stream: sub, grant: { ttlSeconds: ttl } })
        .catch(asCliError);
      io.out(`${issued.token ?? ''}\n`);
    });

  token
    .command('inspect')
    .description(
      'Print the header, claims and times of a token, and warn about mistakes. Does not verify the signature.',
    )
    .option('--file <path>', 'file with the token (default: stdin)')
    .option('--env <name>', 'environment variable with the token')
    .option('--aud <audience>', 'expected audience', 'v')
    .addHelpText('after', exampleText('gatecast token inspect --file token.txt'))
    .action(async ({ aud, ...source }: SourceOptions & { aud: string }) => {
      const text = await readSecretInput(io, 'token', source);
      const description = describeToken(text, { audience: aud, nowMs: io.now() });
      if (!description)
        throw new CliError('The text is not a JWT. A JWT has three base64url parts, separated by dots.', 1);
      io.out(`${description.lines.join('\n')}\n`);
      for (const warning of description.warnings) io.note(`warning: ${warning}\n`);
    });

  token
    .command('verify')
    .description('Verify a token. Exit code 1 if it is not valid.')
    .requiredOption('--jwks <file or URL>', 'public keys (JWKS)')
    .option('--file <path>', 'file with the token (default: stdin)')
    .option('--env <name>', 'environment variable with the token')
    .option('--aud <audience>', 'expected audience', 'v')
    .option('--sub <id>', 'expected subject (default: any)')
    .option('--iss <issuer>', 'expected issuer (default: any)')
    .option('--tolerance <seconds>', 'accepted clock difference in seconds', wholeNumber(0, 300), 0)
    .addHelpText(
      'after',
      exampleText(
        'gatecast token verify --jwks https://backend.example/.well-known/jwks.json --file token.txt',
      ),
    )
    .action(async ({ jwks, aud, sub, iss, tolerance, ...source }: VerifyOptions) => {
      const text = await readSecretInput(io, 'token', source);
      const verifier = createTokenVerifier({
        keys: await readJwks(jwks),
        audience: aud,
        clockToleranceSeconds: tolerance,
        now: () => io.now(),
        ...(iss !== undefined && { issuer: iss }),
      });
      const verified = await verifier.verify(text, { stream: sub }).catch((error: unknown) => {
        if (error instanceof Problem) throw new CliError(`${error.code}: ${error.message}`, 1);
        throw error;
      });
      io.out(`ok: valid for "${verified.stream}" until ${new Date(verified.expiresAtMs).toISOString()}\n`);
    });

  return token;
}

async function readJwks(place: string): Promise<URL | JSONWebKeySet> {
  if (/^https?:\/\//.test(place)) return new URL(place);
  const text = await readTextFile(place, 'JWKS');
  try {
    const jwks = JSON.parse(text) as Partial<JSONWebKeySet>;
    if (Array.isArray(jwks.keys)) return { keys: jwks.keys };
  } catch {
    // Not JSON: the error below applies.
  }
  throw new CliError(`--jwks: ${place} is not a JWKS, { "keys": [...] }.`);
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
