import type { TokenPurpose } from '@gatecast/contract';
import { printable } from '../http/printable.js';
import { Problem } from '../http/problem.js';
import { silentMetrics } from '../http/metrics.js';
import type { LogFields, Logger } from '../http/logger.js';
import { issueWithinGrant } from '../issuer/issue-within-grant.js';
import type { Config } from '../serve/config-schema.js';
import { contextOf, createIssuer, type ServerContext } from '../serve/create-issuer.js';
import { configuredIssuers, issuerTypeOf, signsWithKeys } from '../serve/issuer-config.js';
import { openKeys } from '../serve/open-keys.js';
import { CliError, type CliIo } from './cli-io.js';
import { readConfig } from './read-config.js';

interface ConfiguredOptions {
  /** Path of the configuration of `gatecast serve`. */
  readonly config: string;
  readonly purpose: TokenPurpose;
}

export interface MintConfiguredOptions extends ConfiguredOptions {
  readonly stream: string;
  /** Lifetime in seconds; `undefined` for that of the issuer. */
  readonly ttlSeconds: number | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Issues a token with the issuer of a configuration.
 *
 * @returns one line of JSON for each item of the stream, with the values of `Set-Cookie` in `setCookies`.
 * @throws CliError
 */
export async function mintConfigured(io: CliIo, options: MintConfiguredOptions): Promise<string> {
  const { stream, purpose, ttlSeconds, claims } = options;
  const { issuer: config, server } = await open(io, options);
  const grant = {
    ...(ttlSeconds !== undefined && { ttlSeconds }),
    ...(Object.keys(claims).length > 0 && { claims }),
  };
  try {
    const issuer = createIssuer(config, server);
    const { further = [], ...first } = await issueWithinGrant(issuer, { purpose, stream, grant }, () =>
      io.now(),
    );
    const lines = [first, ...further].map(({ tokenId: _, expiresAt, ...part }) =>
      JSON.stringify({ stream, ...part, ...(expiresAt !== null && { expiresAt }) }),
    );
    return `${lines.join('\n')}\n`;
  } catch (error) {
    throw asCliError(error, 2);
  }
}

/**
 * Verifies the request for an address with the scheme of a configuration, as the CDN does.
 *
 * @param url - the address, with its token if the token is in it.
 * @returns the end of the token, NumericDate seconds.
 * @throws CliError
 */
export async function verifyConfigured(
  io: CliIo,
  options: ConfiguredOptions,
  url: string,
  headers: Headers,
): Promise<number> {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new CliError(
      'The input is not an http(s) address. With --config, verify expects the whole address.',
    );
  const { issuer, server } = await open(io, options);
  const { origin } = new URL(url);
  const found = configuredIssuers(issuer).find((each) => each.origin === undefined || each.origin === origin);
  if (!found)
    throw new CliError(
      `The configuration ${options.config} has no issuer for the origin ${origin}. Add one to issuers.${options.purpose}, or correct the address.`,
      1,
    );
  const { scheme } = issuerTypeOf(found.config);
  if (!scheme) {
    throw new CliError(
      `The issuer "${found.config.type}" issues JWTs or tokens of a vendor. Verify JWTs with --jwks.`,
    );
  }
  try {
    const request = new Request(url, { headers });
    return (await scheme.verify(request, found.config, contextOf(server), io.now())).expiresAt;
  } catch (error) {
    throw asCliError(error, 1);
  }
}

async function open(io: CliIo, { config: path, purpose }: ConfiguredOptions) {
  const config = await readConfig(path);
  const issuer = config.issuers[purpose];
  if (!issuer)
    throw new CliError(
      `The configuration ${path} has no issuer for the purpose "${purpose}". Add issuers.${purpose}, or set another --purpose.`,
    );
  return { issuer, server: await openServer(io, config, purpose) };
}

async function openServer(io: CliIo, config: Config, purpose: TokenPurpose): Promise<ServerContext> {
  // A machine that only verifies need not have the keys of an issuer of the other purpose.
  const needed = signsWithKeys(config.issuers[purpose]) ? config.keys : undefined;
  const { keys } = await openKeys({ keys: needed }).catch((error: unknown) => {
    throw asCliError(error, 2);
  });
  return { keys, logger: noteLogger(io), metrics: silentMetrics };
}

/** Warnings go to stderr. Their fields never contain a token. */
function noteLogger(io: CliIo): Logger {
  const note = (fields: LogFields, message: string) =>
    io.note(`warning: ${printable(message)} ${printable(JSON.stringify(fields))}\n`);
  return { debug: () => undefined, info: () => undefined, warn: note, error: note };
}

/** A message of another library may contain what it could not read, such as a key. */
function asCliError(error: unknown, exitCode: 1 | 2): CliError {
  if (error instanceof Problem) {
    const hint = error.hint === undefined ? '' : ` ${error.hint}`;
    return new CliError(`${error.code}: ${error.message}${hint}`, exitCode);
  }
  const isOwn =
    error instanceof TypeError || (error instanceof Error && error.message.startsWith('The secret '));
  return new CliError(
    isOwn ? error.message : 'The issuer of the configuration failed. Check its options and its secrets.',
    exitCode,
  );
}
