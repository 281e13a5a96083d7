import ipaddr from 'ipaddr.js';
import { Problem } from '../../http/problem.js';
import { grantedEnd } from '../granted-end.js';
import { lifetimeSeconds } from '../lifetime-seconds.js';
import { refuseClaims, refuseRestrictions } from '../refuse-unsupported.js';
import { readSecret, type Secret } from '../secret.js';
import { appendQuery, checkUrlTemplate, fillTemplate, pathOf } from '../stream-template.js';
import type { IssuedToken, IssueRequest, TokenIssuer } from '../token-issuer.js';
import {
  sortedParameters,
  writeBunnyToken,
  type BunnyAlgorithm,
  type BunnyParameters,
} from './bunny-token.js';
import { requireKnownOptions } from '../../http/require-known-options.js';

export interface BunnyIssuerOptions {
  /** “URL Token Authentication Key” of the pull zone. */
  readonly securityKey: Secret;
  /**
   * The directory that a token opens, a template in which the stream is a segment: `/{stream}/`, `/live/{stream}/`. It ends with a
   * slash: Bunny compares the beginning of the path.
   */
  readonly tokenPath: string;
  /** `path`: `/bcdn_token=…/` before the path of every request (Bunny's `isDirectory`). `query`: fields. @defaultValue `path` */
  readonly placement?: 'path' | 'query';
  /** `SHA256` for the form of before, without a prefix. @defaultValue `HS256` */
  readonly algorithm?: BunnyAlgorithm;
  /** Countries that may watch, ISO 3166-1 alpha-2. @defaultValue all */
  readonly countriesAllowed?: readonly string[];
  /** Countries that may not watch. @defaultValue none */
  readonly countriesBlocked?: readonly string[];
  /**
   * Requests may have query fields that are not signed, such as those of Low-Latency HLS. Excludes countries and speed limits,
   * which Bunny's signers drop then. @defaultValue false
   */
  readonly ignoreParams?: boolean;
  /** Download speed in kB/s. @defaultValue no limit */
  readonly speedLimit?: number;
  /** Address of the first playlist, a template within `tokenPath`, for pages without `src`. @defaultValue none */
  readonly url?: string;
  /** Lifetime in seconds, 1 to 31,536,000, if the grant sets none. @defaultValue 300 */
  readonly ttlSeconds?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

const NAME = 'bunnyIssuer';
/** Bunny signs the decoded path. Only these characters are the same before and after. */
const REFUSED = /[^\w.~-]|^\.\.?$/;

/**
 * Issues directory tokens of Bunny's token authentication (“Advanced”).
 *
 * @example
 * ```ts
 * const issuer = bunnyIssuer({ securityKey: () => process.env.BUNNY_KEY ?? '', tokenPath: '/{stream}/' });
 * ```
 * @see https://docs.bunny.net/cdn/security/token-authentication/advanced
 * @throws TypeError if options contradict each other, or a template does not name the stream.
 * @throws Problem `issuer-parameter-invalid` from `issue` for a grant that a token cannot express.
 */
export function bunnyIssuer(options: BunnyIssuerOptions): TokenIssuer {
  requireKnownOptions('bunnyIssuer', options, optionNames);
  const { placement = 'path', algorithm = 'HS256', ttlSeconds = 300, now = Date.now } = options;
  checkOptions(options);
  lifetimeSeconds(ttlSeconds);
  return {
    bindsTokens: false,
    async issue({ stream, grant }: IssueRequest): Promise<IssuedToken> {
      refuseClaims(grant, NAME, ['exp']);
      refuseRestrictions(grant, NAME, ['ip']);
      const ip = grant.restrictions?.ip;
      if (ip !== undefined && !ipaddr.isValid(ip))
        throw new Problem('issuer-parameter-invalid', 'The restriction "ip" is not an IP address.');
      const expiresAt = grantedEnd(grant, ttlSeconds, now());
      const path = fillTemplate(options.tokenPath, stream, REFUSED);
      const expires = String(expiresAt);
      const parameters = parametersOf(options, path);
      const content = { path, expires, parameters, ip };
      const token = await writeBunnyToken(await readSecret(options.securityKey), algorithm, content);
      // The order of Bunny's signers. It means nothing: the parameters are sorted before they are signed.
      const sent = sortedParameters(parameters).map(([name, value]) => [name, encodeURIComponent(value)]);
      const fields = Object.fromEntries([...sent, ['expires', expires]]) as Record<string, string>;
      const entry = options.url === undefined ? undefined : fillTemplate(options.url, stream, REFUSED);
      if (placement === 'query') {
        const query = { token, ...fields };
        return { query, ...(entry !== undefined && { url: appendQuery(entry, query) }), expiresAt };
      }
      const prefix = appendQuery('', { bcdn_token: token, ...fields }).replace('?', '/');
      return { path: prefix, ...(entry !== undefined && { url: withPrefix(entry, prefix) }), expiresAt };
    },
  };
}

function parametersOf(options: BunnyIssuerOptions, tokenPath: string): BunnyParameters {
  const { countriesAllowed = [], countriesBlocked = [], ignoreParams, speedLimit } = options;
  return {
    token_path: tokenPath,
    ...(ignoreParams && { token_ignore_params: 'true' }),
    ...(countriesAllowed.length > 0 && { token_countries: countriesAllowed.join(',') }),
    ...(countriesBlocked.length > 0 && { token_countries_blocked: countriesBlocked.join(',') }),
    ...(speedLimit !== undefined && { limit: String(speedLimit) }),
  };
}

function withPrefix(address: string, prefix: string): string {
  return address.replace(/^[a-z]+:\/\/[^/]+/i, (origin) => origin + prefix);
}

function checkOptions(options: BunnyIssuerOptions): void {
  const { tokenPath, url, ignoreParams, countriesAllowed = [], countriesBlocked = [], speedLimit } = options;
  if (!/^(?:\/(?:[\w.~-]+|\{stream\}))+\/$/.test(tokenPath) || !tokenPath.includes('/{stream}/')) {
    throw new TypeError(
      'The option tokenPath must be a directory with {stream} as a segment of its own, such as /live/{stream}/.',
    );
  }
  if (url !== undefined && !pathOf(checkUrlTemplate(url, 'url')).startsWith(tokenPath))
    throw new TypeError('The path of the option url must begin with the option tokenPath.');
  const countries = [...countriesAllowed, ...countriesBlocked];
  if (!countries.every((country) => /^[A-Z]{2}$/.test(country)))
    throw new TypeError('Countries must be codes of two capital letters (ISO 3166-1 alpha-2), such as "GB".');
  if (speedLimit !== undefined && !(Number.isInteger(speedLimit) && speedLimit > 0))
    throw new TypeError('The option speedLimit must be a whole number of kB/s.');
  if (ignoreParams && (countries.length > 0 || speedLimit !== undefined)) {
    throw new TypeError(
      'The option ignoreParams excludes countriesAllowed, countriesBlocked and speedLimit: Bunny would not apply them.',
    );
  }
}

const optionNames: Readonly<Record<keyof BunnyIssuerOptions, true>> = {
  securityKey: true,
  tokenPath: true,
  placement: true,
  algorithm: true,
  countriesAllowed: true,
  countriesBlocked: true,
  ignoreParams: true,
  speedLimit: true,
  url: true,
  ttlSeconds: true,
  now: true,
};
