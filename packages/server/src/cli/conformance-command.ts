import { tokenPurposes, type TokenPurpose } from '@gatecast/contract';
import { Command, Option } from 'commander';
import { checkConformance } from '../conformance/conformance.js';
import type { Finding } from '../conformance/finding.js';
import { CliError, type CliIo } from './cli-io.js';
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
    .description('Check a token endpoint against the contract; exit code 1 when something is missing.')
    .argument('<url>', 'address of the token endpoint')
    .requiredOption('--stream <name...>', 'streams that the caller may have; two show more than one')
    .addOption(new Option('--purpose <purpose>', 'what for').choices(tokenPurposes).default('playback'))
    .option('--bearer-env <name>', 'environment variable with a bearer token that signs the check in')
    .option('--cookie-env <name>', 'environment variable with a Cookie header that signs the check in')
    .option('--origin <origin>', 'origin of a page that CORS should let in')
    .option('--json', 'print the findings as JSON', false)
    .action(async (url: string, options: ConformanceCommandOptions) => {
      if (!URL.canParse(url) || !/^https?:/.test(url)) throw new CliError('<url> is not an http(s) address.');
      const { stream, purpose, origin, json } = options;
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
        throw new CliError(`${String(missing)} of ${String(findings.length)} points are missing.`, 1);
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
  return `${level.padEnd(7)} ${what}\n${detail === undefined ? '' : `        ${detail}\n`}`;
}
