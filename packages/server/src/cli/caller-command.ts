import { Command } from 'commander';
import { SignJWT } from 'jose';
import { readSecret } from '../node/read-secret.js';
import { CliError, type CliIo } from './cli-io.js';
import { exampleText } from './example-text.js';
import { readConfig } from './read-config.js';
import { wholeNumber } from './whole-number.js';

interface CallerOptions {
  readonly config: string;
  readonly user: string;
  readonly stream?: string[];
  readonly ttl: number;
}

/** `gatecast token caller`: what the site gives to a viewer who has signed in. */
export function callerCommand(io: CliIo): Command {
  return new Command('caller')
    .description(
      'Print a token that authenticates a caller, for a test of the server. Signed with authorization.secret of the configuration.',
    )
    .requiredOption('--config <file>', 'configuration of gatecast serve')
    .requiredOption('--user <name>', 'name of the user')
    .option('--stream <name...>', 'streams, if the configuration reads them from a claim')
    .option('--ttl <seconds>', 'lifetime in seconds', wholeNumber(1, 86_400), 3600)
    .addHelpText('after', exampleText('gatecast token caller --config gatecast.config.json --user test'))
    .action(async ({ config: path, user, stream, ttl }: CallerOptions) => {
      const { authorization } = await readConfig(path);
      const { secret, issuer, audience, userClaim, playback, ingest } = authorization;
      if (!secret)
        throw new CliError(
          'The configuration has authorization.jwksUrl: your identity provider signs the tokens of callers. Sign in there.',
        );
      const names = [playback, ingest].flatMap((rule) => (rule && 'claim' in rule ? [rule.claim] : []));
      if (names.length > 0 && !stream)
        throw new CliError(
          `The configuration reads the streams of a caller from the claim "${names[0] ?? ''}". Name them with --stream.`,
        );
      const key = await readSecret(secret).catch((error: unknown) => {
        throw new CliError(error instanceof Error ? error.message : 'The secret cannot be read.');
      });
      const nowSeconds = Math.floor(io.now() / 1000);
      const claims = { ...Object.fromEntries(names.map((name) => [name, stream])), [userClaim]: user };
      const token = new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuedAt(nowSeconds)
        .setExpirationTime(nowSeconds + ttl);
      if (issuer !== undefined) token.setIssuer(issuer);
      if (audience !== undefined) token.setAudience(audience);
      io.out(`${await token.sign(new TextEncoder().encode(key))}\n`);
    });
}
