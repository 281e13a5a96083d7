import { tokenPurposes, type TokenPurpose } from '@gatecast/contract';
import { Command, Option } from 'commander';
import type { DoctorFinding } from '../doctor/finding.js';
import { isOrigin } from '../http/require-origin.js';
import { printable } from '../http/printable.js';
import { CliError, type CliIo } from './cli-io.js';
import { readSessionHeaders } from './conformance-command.js';
import { exampleText } from './example-text.js';
import { readHeaderLines } from './read-header-lines.js';

interface DoctorCommandOptions {
  readonly pageOrigin?: string;
  readonly tokenUrl?: string;
  readonly stream?: string;
  readonly placement?: string;
  readonly purpose?: TokenPurpose;
  readonly header?: string[];
  readonly bearerEnv?: string;
  readonly cookieEnv?: string;
  readonly json: boolean;
}

/** `gatecast doctor` */
export function doctorCommand(io: CliIo): Command {
  return new Command('doctor')
    .description(
      'Follow a page, a stream, or a WHIP or WHEP endpoint from outside as the elements do, and say what is wrong: address, CORS, redirects, cookies, token, clocks, playlists, first segment. It broadcasts nothing. Exit code 1 if there is a fault, 2 if the check is not complete.',
    )
    .argument(
      '<url>',
      'http(s) address of a page with a <secure-player> or <secure-webcaster>, of a playlist, or of a WHIP or WHEP endpoint',
    )
    .option('--token-url <url>', 'token endpoint (default: that of the tag)')
    .option(
      '--stream <name>',
      'name of the stream (default: that of the tag, or the file name of the playlist)',
    )
    .option(
      '--placement <placement>',
      'as token-placement (default: that of the tag, or query:token; for a WHIP or WHEP endpoint header)',
    )
    .addOption(
      new Option(
        '--purpose <purpose>',
        'purpose of the token; ingest for a WHIP endpoint, playback for a WHEP endpoint; of a page, check the players (playback) or the webcasters (ingest) only (default: ingest if the address takes offers and nothing says WHEP, else playback; of a page, both)',
      ).choices(tokenPurposes),
    )
    .option(
      '--page-origin <origin>',
      'origin of the page that loads the stream, to check CORS and mixed content',
    )
    .option(
      '--header <line...>',
      'header of the token request, "Name: value"; other users of this machine can see it',
    )
    .option('--bearer-env <name>', 'environment variable with a bearer token for the token endpoint')
    .option('--cookie-env <name>', 'environment variable with a Cookie header for the token endpoint')
    .option('--json', 'print the findings as JSON', false)
    .addHelpText('after', exampleText('gatecast doctor https://www.example.com/live'))
    .action(async (url: string, options: DoctorCommandOptions) => {
      requireUrl('<url>', url);
      const { tokenUrl, pageOrigin, placement, purpose, stream, json } = options;
      if (tokenUrl !== undefined) requireUrl('--token-url', tokenUrl);
      if (pageOrigin !== undefined && !isOrigin(pageOrigin))
        throw new CliError('--page-origin is not an origin such as https://www.example.com.');
      const headers = {
        ...Object.fromEntries(readHeaderLines((options.header ?? []).join('\n'))),
        ...(await readSessionHeaders(io, options)),
      };
      // Imported here, so that the other commands start without the code of the player.
      const { examine, requirePlacement } = await import('../doctor/examine.js');
      if (placement !== undefined) checkPlacement(placement, requirePlacement);
      const findings = await examine({
        url,
        tokenUrl,
        pageOrigin,
        placement,
        purpose,
        stream,
        headers,
        now: () => io.now(),
      });
      io.out(json ? `${JSON.stringify(findings, null, 2)}\n` : findings.map(describe).join(''));
      requireNoFault(findings);
      if (json) return;
      const has = (step: string) => findings.some(({ where }) => where.startsWith(`${step},`));
      const isPlayed = has('playlist') ? ': a player can play this' : '';
      io.out(`\nNo fault found${isPlayed}.${has('ingest') ? ' A broadcast was not tried.' : ''}\n`);
    });
}

/** @throws CliError with code 1 if there is a fault, and 2 if there is none in what was checked, and a part was not. */
function requireNoFault(findings: readonly DoctorFinding[]): void {
  const count = (wanted: DoctorFinding['level']) => findings.filter(({ level }) => level === wanted).length;
  const skipped = count('skipped') > 0 ? ' The check is not complete: see "skipped" above.' : '';
  const faults = count('fault');
  if (faults > 0) throw new CliError(`Faults found: ${String(faults)}.${skipped}`, 1);
  if (skipped !== '') throw new CliError(`No fault found in what was checked.${skipped}`, 2);
}

function requireUrl(name: string, url: string): void {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new CliError(
      `${name} is not an http(s) URL, such as https://www.example.com/live.${/^[\w.-]+(?:[:/]|$)/.test(url) && !url.includes('://') ? ' Write https:// before the name of the server.' : ''}`,
    );
  const { username, password } = new URL(url);
  if (username !== '' || password !== '')
    throw new CliError(`${name} has a user name or a password, which browsers do not send. Remove them.`);
}

function checkPlacement(placement: string, requirePlacement: (text: string) => void): void {
  try {
    requirePlacement(placement);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CliError(error.message.replace('token-placement', '--placement'));
  }
}

function describe({ level, where, what, change }: DoctorFinding): string {
  const hint = change === undefined ? '' : `         → ${printable(change)}\n`;
  return `${level.padEnd(8)} ${printable(where)}\n         ${printable(what)}\n${hint}`;
}
