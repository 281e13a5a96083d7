import { tokenPurposes, type TokenPurpose } from '@gatecast/contract';
import { Command, Option } from 'commander';
import { checkConformance } from '../conformance/conformance.js';
import type { Finding } from '../conformance/finding.js';
import { printable } from '../http/printable.js';
import { CliError, type CliIo } from './cli-io.js';
import { exampleText } from './example-text.js';
import { readSecretInput } from './read-input.js';

interface ConformanceCommandOptions {
  readonly stream: string[];
  readonly purpose: TokenPurpose;
  readonly bearerEnv?: string;
  readonly cookieEnv?: string;
  readonly origin?: string;
  readonly json: boolean;
}

/** `gatecast conformance` */
export function conformanceCommand(io: CliIo): Command {
  return new Command('conformance')
    .description(
      'Check whether a token endpoint follows the contract. Exit code 1 if a requirement is not met.',
    )
    .argument('<url>', 'http(s) URL of the token endpoint')
    .requiredOption('--stream <name...>', 'streams that the caller may access; give two or more if you can')
    .addOption(
      new Option('--purpose <purpose>', 'purpose of the tokens').choices(tokenPurposes).default('playback'),
    )
    .option('--bearer-env <name>', 'environment variable with a bearer token that authenticates the requests')
    .option(
      '--cookie-env <name>',
      'environment variable with a Cookie header that authenticates the requests',
    )
    .option('--origin <origin>', 'origin that CORS must allow, such as https://www.example.com')
    .option('--json', 'print the findings as JSON', false)
    .addHelpText(
      'after',
      exampleText('gatecast conformance https://backend.example/api/tokens --stream demo-high demo-low'),
    )
    .action(async (url: string, options: ConformanceCommandOptions) => {
      if (!URL.canParse(url) || !/^https?:/.test(url)) throw new CliError('<url> is not an http(s) URL.');
      const { stream, purpose, origin, json } = options;
      if (origin !== undefined && !(URL.canParse(origin) && new URL(origin).origin === origin))
        throw new CliError('--origin is not an origin such as https://www.example.com.');
      const headers = await readHeaders(io, options);
      const findings = await checkConformance({
        url,
        streams: stream,
        purpose,
        headers,
        ...(origin !== undefined && { origin }),
      });
      io.out(json ? `${JSON.stringify(findings, null, 2)}\n` : findings.map(describe).join(''));
      const missing = findings.filter(({ level }) => level === 'missing').length;
      if (missing > 0)
        throw new CliError(`${String(missing)} of ${String(findings.length)} requirements are not met.`, 1);
    });
}

async function readHeaders(
  io: CliIo,
  { bearerEnv, cookieEnv }: ConformanceCommandOptions,
): Promise<Record<string, string>> {
  return {
    ...(bearerEnv !== undefined && {
      Authorization: `Bearer ${await readSecretInput(io, 'bearer token', { env: bearerEnv })}`,
    }),
    ...(cookieEnv !== undefined && {
      Cookie: await readSecretInput(io, 'Cookie header', { env: cookieEnv }),
    }),
  };
}

function describe({ level, what, detail }: Finding): string {
  return `${level.padEnd(7)} ${what}\n${detail === undefined ? '' : `        ${printable(detail)}\n`}`;
}
