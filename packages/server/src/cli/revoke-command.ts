import { Command } from 'commander';
import { readSecret } from '../node/read-secret.js';
import { CliError, type CliIo } from './cli-io.js';
import { printable, printableLines } from '../http/printable.js';
import { exampleText } from './example-text.js';
import { readConfig } from './read-config.js';
import { readSecretInput } from './read-input.js';
import { wholeNumber } from './whole-number.js';

interface RevokeOptions {
  readonly config?: string;
  readonly url?: string;
  readonly keyFile?: string;
  readonly keyEnv?: string;
  readonly user?: string;
  readonly stream?: string;
  readonly jti?: string;
  readonly reason?: string;
  readonly for?: number;
  readonly moved: boolean;
  readonly allowNewTokens: boolean;
  readonly lift: boolean;
  readonly list: boolean;
}

const YEAR_SECONDS = 365 * 86_400;
const TIMEOUT_MS = 10_000;
/** Characters of the text of a server that are printed. */
const LONGEST_DETAIL = 300;

/** `gatecast revoke`: calls the port for operators of a running server. */
export function revokeCommand(io: CliIo): Command {
  return new Command('revoke')
    .description(
      'End the access of a user, to a stream or of one token at a running server, within a second or two. Calls the port that "admin" of its configuration sets.',
    )
    .option('--config <file>', 'configuration of gatecast serve, for the address and the key')
    .option('--url <url>', 'address of the port for operators instead, such as http://127.0.0.1:9101')
    .option('--key-file <file>', 'file with its key instead; - for stdin')
    .option('--key-env <name>', 'environment variable with its key instead')
    .option('--user <id>', 'user, as "authorize" names it')
    .option('--stream <name>', 'stream; with --user, this stream of the user only')
    .option('--jti <id>', 'claim "jti" of one token, which "gatecast token inspect" shows')
    .option('--reason <text>', 'short text for the support of viewers and for logs, at most 200 characters')
    .option(
      '--for <seconds>',
      'time for which it stays in force (default: until the last token of before has ended)',
      wholeNumber(1, YEAR_SECONDS),
    )
    .option('--moved', 'tell pages that the stream is elsewhere, instead of ended', false)
    .option('--allow-new-tokens', 'end the tokens of before only: users may sign in again', false)
    .option('--lift', 'allow exactly this target again', false)
    .option('--list', 'print the revocations in force, as JSON', false)
    .addHelpText(
      'after',
      exampleText('gatecast revoke --config gatecast.config.json --user u-1 --reason "Ticket 7"'),
    )
    .action(async (options: RevokeOptions) => {
      const target = targetOf(options);
      const server = await findServer(io, options);
      if (options.list) {
        const query = new URLSearchParams(target);
        const found = await call(server, `revocations?${query.toString()}`);
        io.out(`${printableLines(JSON.stringify(found, null, 2))}\n`);
        return;
      }
      if (options.lift) {
        const { allowed } = (await call(server, 'allow', target)) as { allowed: boolean };
        if (!allowed)
          throw new CliError('Nothing with exactly this target is revoked. "--list" prints what is.', 1);
        io.out('allowed again\n');
        return;
      }
      const { revocation = {} } = (await call(server, 'revoke', { ...target, ...rest(options) })) as {
        revocation?: { until?: unknown };
      };
      io.out(`revoked until ${endOf(revocation)}\n`);
      if (hasDefaultEnd(options)) io.note(AFTER_DEFAULT_END);
    });
}

function targetOf({ user, stream, jti, lift, list, ...others }: RevokeOptions): Record<string, string> {
  const given = Object.entries({ user, stream, jti }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  if (lift && list) throw new CliError('Set one of --lift and --list.');
  if (given.length === 0 && !list) throw new CliError('Name what to revoke: --user, --stream or --jti.');
  const isEnding =
    others.reason !== undefined || others.for !== undefined || others.moved || others.allowNewTokens;
  if ((lift || list) && isEnding)
    throw new CliError(
      '--reason, --for, --moved and --allow-new-tokens are for new revocations. Leave them out.',
    );
  return Object.fromEntries(given);
}

function rest({ reason, for: seconds, moved, allowNewTokens }: RevokeOptions): object {
  return {
    ...(reason !== undefined && { reason }),
    ...(seconds !== undefined && { forSeconds: seconds }),
    ...(moved && { code: 'moved' }),
    ...(allowNewTokens && { newTokens: 'allow' }),
  };
}

/** Does access come back without the operator, if the caller’s sign-in still allows it? */
function hasDefaultEnd({ for: seconds, jti, allowNewTokens }: RevokeOptions): boolean {
  return seconds === undefined && jti === undefined && !allowNewTokens;
}

const AFTER_DEFAULT_END =
  'Then no token of before is left, and "authorization" of the server decides alone: a sign-in that is still valid gets new tokens. Set --for for longer.\n';

function endOf({ until }: { readonly until?: unknown }): string {
  const end = new Date(typeof until === 'number' ? until * 1000 : NaN);
  if (!Number.isNaN(end.getTime())) return end.toISOString();
  throw new CliError('The response of the server has no end. Is it the port for operators?');
}

interface Server {
  readonly url: string;
  readonly key: string;
}

async function findServer(io: CliIo, { config: path, url, keyFile, keyEnv }: RevokeOptions): Promise<Server> {
  const hasKey = keyFile !== undefined || keyEnv !== undefined;
  if (keyFile !== undefined && keyEnv !== undefined)
    throw new CliError('Set one of --key-file and --key-env.');
  if (path === undefined && (url === undefined || !hasKey))
    throw new CliError('Name the server: --config, or --url with --key-file or --key-env.');
  const given = url === undefined ? undefined : baseOf(url);
  const configured = path === undefined ? undefined : await adminOf(path);
  const key = hasKey
    ? await readSecretInput(io, 'key of the port for operators', { file: keyFile, env: keyEnv })
    : await readSecret(configured?.key ?? { env: '' }).catch((error: unknown) => {
        throw new CliError(error instanceof Error ? error.message : 'The key cannot be read.');
      });
  return { url: given ?? configured?.url ?? '', key };
}

async function adminOf(path: string) {
  const { admin } = await readConfig(path);
  if (!admin)
    throw new CliError(
      'The configuration has no port for operators. Set "admin": { "port": 9101, "key": { "file": "secrets/admin.key" } }.',
    );
  if (admin.port === 0)
    throw new CliError('admin.port is 0, a free port at each start. Name the address with --url.');
  // An address that stands for all of the machine is none that one can call.
  const isAll = ['0.0.0.0', '::'].includes(admin.host);
  const host = isAll ? '127.0.0.1' : admin.host.includes(':') ? `[${admin.host}]` : admin.host;
  return { url: `http://${host}:${String(admin.port)}`, key: admin.key };
}

function baseOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isServer = url && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '';
  if (isServer) return url.href.replace(/(?:\/admin)?\/*$/, '');
  throw new CliError('--url is not an http(s) address such as http://127.0.0.1:9101.');
}

async function call({ url, key }: Server, route: string, body?: object): Promise<unknown> {
  const response = await fetch(`${url}/admin/${route}`, {
    method: body ? 'POST' : 'GET',
    headers: { Authorization: `Bearer ${key}`, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    // The key is for this address only.
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => {
    throw new CliError(
      `The server at ${url} cannot be reached. Is it running, with "admin" in its configuration?`,
    );
  });
  const result: unknown = await response.json().catch(() => null);
  if (response.ok && typeof result === 'object' && result !== null) return result;
  throw new CliError(describeRefusal(response.status, result));
}

function describeRefusal(status: number, problem: unknown): string {
  if (status === 401)
    return 'The server refused the key. It must be the one that "admin.key" of its configuration names.';
  const { detail } = (problem ?? {}) as { detail?: unknown };
  const said =
    typeof detail === 'string'
      ? ` ${printable(detail.slice(0, LONGEST_DETAIL))}`
      : ' Is it the port for operators?';
  return `The server responded with ${String(status)}.${said}`;
}
