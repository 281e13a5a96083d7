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
  readonly strict: boolean;
}

/** `gatecast conformance` */
export function conformanceCommand(io: CliIo): Command {
  return new Command('conformance')
    .description(
      'Check whether a token endpoint works with the elements, and what to improve. Exit code 1 if a required point is not met.',
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
    .option('--strict', 'exit code 1 also if a point of advice is not met', false)
    .option('--json', 'print the findings as JSON', false)
    .addHelpText(
      'after',
      exampleText('gatecast conformance https://backend.example/api/tokens --stream demo-high demo-low'),
    )
    .action(async (url: string, options: ConformanceCommandOptions) => {
      if (!URL.canParse(url) || !/^https?:/.test(url))
        throw new CliError('<url> is not an http(s) URL, such as https://backend.example/api/tokens.');
      const { stream, purpose, origin, json, strict } = options;
      if (origin !== undefined && !(URL.canParse(origin) && new URL(origin).origin === origin))
        throw new CliError('--origin is not an origin such as https://www.example.com.');
      const headers = await readSessionHeaders(io, options);
      const findings = await checkConformance({
        url,
        streams: stream,
        purpose,
        headers,
        ...(origin !== undefined && { origin }),
      });
      const [first] = findings;
      if (!json && findings.length === 1 && first?.level === 'missing')
        throw new CliError(`No response from ${new URL(url).host}. ${first.detail ?? ''}`, 1);
      const needed = distinct(findings.filter(({ required }) => required));
      const advised = distinct(findings.filter(({ required }) => !required));
      io.out(json ? `${JSON.stringify(findings, null, 2)}\n` : report(needed, advised));
      const open = [countOpen(needed), strict ? countOpen(advised) : 0] as const;
      if (open[0] + open[1] > 0) throw new CliError(verdict(open), 1);
    });
}

/** Each stream has findings of its own. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((each) => [JSON.stringify(each), each])).values()];
}

function countOpen(findings: readonly Finding[]): number {
  return findings.filter(({ level }) => level !== 'ok').length;
}

function report(needed: readonly Finding[], advised: readonly Finding[]): string {
  const works = countOpen(needed) === 0 ? 'The elements can use this endpoint.\n' : '';
  return `${group('Required', needed)}\n${group('Advice', advised)}${works && `\n${works}`}`;
}

function group(name: string, findings: readonly Finding[]): string {
  const met = findings.length - countOpen(findings);
  return `${name}: ${String(met)} of ${String(findings.length)} met\n${findings.map(describe).join('')}`;
}

function verdict([needed, advised]: readonly [needed: number, advised: number]): string {
  return [
    ...(needed > 0 ? [`Required points that are not met: ${String(needed)}.`] : []),
    ...(advised > 0 ? [`Points of advice that are not met: ${String(advised)} (--strict).`] : []),
  ].join(' ');
}

/** Headers that authenticate the caller, from environment variables. */
export async function readSessionHeaders(
  io: CliIo,
  { bearerEnv, cookieEnv }: { readonly bearerEnv?: string; readonly cookieEnv?: string },
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
  return `  ${level.padEnd(7)} ${what}\n${detail === undefined ? '' : `          ${printable(detail)}\n`}`;
}
