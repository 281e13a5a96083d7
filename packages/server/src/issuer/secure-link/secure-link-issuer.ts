import { Problem } from '../../http/problem.js';
import { grantedEnd, numericDate } from '../granted-end.js';
import { lifetimeSeconds } from '../lifetime-seconds.js';
import { refuseClaims, refuseRestrictions } from '../refuse-unsupported.js';
import { readSecret, type Secret } from '../secret.js';
import { appendQuery, checkUrlTemplate, fillTemplate } from '../stream-template.js';
import type { IssuedToken, TokenIssuer } from '../token-issuer.js';
import { linkForm, type LinkFormOptions } from './link-options.js';
import { requireKnownOptions } from '../../http/require-known-options.js';

export interface SecureLinkIssuerOptions extends LinkFormOptions {
  /** Secret that the server also has. */
  readonly secret: Secret;
  /** Address of the stream's first playlist, a template, for pages without `src`. @defaultValue none */
  readonly url?: string;
  /** Lifetime in seconds, 1 to 31,536,000, if the grant sets none. @defaultValue 300 */
  readonly ttlSeconds?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

const NAME = 'secureLinkIssuer';
/** Flussonic's example starts tokens this much earlier, for a server whose clock is late. */
const EARLY_SECONDS = 300;

/**
 * Issues tokens that are a hash over the address, the end and a secret: nginx `secure_link`, SecureToken of Wowza Streaming Engine,
 * `securetoken` of Flussonic, `wmsAuthSign` of Nimble Streamer. They go on every request, in the query.
 *
 * @example
 * ```ts
 * const issuer = secureLinkIssuer({
 *   preset: 'nginx',
 *   secret: () => process.env.LINK_SECRET ?? '',
 *   path: '/live/{stream}/',
 * });
 * ```
 * @throws TypeError if options contradict each other.
 * @throws Problem `issuer-parameter-invalid` from `issue` for a grant or a name that the token cannot express.
 */
export function secureLinkIssuer(options: SecureLinkIssuerOptions): TokenIssuer {
  requireKnownOptions('secureLinkIssuer', options, optionNames);
  const { preset: server, path, url, ttlSeconds = 300, now = Date.now } = options;
  const { preset, formula, clientIp, hasStart } = linkForm(options);
  if (url !== undefined) checkUrlTemplate(url, 'url');
  lifetimeSeconds(ttlSeconds);
  return {
    bindsTokens: false,
    async issue({ stream, grant }): Promise<IssuedToken> {
      refuseClaims(grant, NAME, hasStart ? ['exp', 'nbf'] : ['exp']);
      refuseRestrictions(grant, NAME, clientIp ? ['ip'] : []);
      const ip = grant.restrictions?.ip;
      if (clientIp && ip === undefined)
        throw new Problem('issuer-parameter-invalid', 'The token needs the address of the viewer.', {
          hint: 'Return restrictions.ip from authorize, or configure the server not to check the address.',
        });
      checkName(stream, server);
      const nowMs = now();
      const expiresAt = grantedEnd(grant, ttlSeconds, nowMs);
      const notBefore = grant.claims?.['nbf'];
      const nowSeconds = Math.floor(nowMs / 1000);
      const startsAt =
        notBefore === undefined
          ? nowSeconds - (server === 'flussonic' ? EARLY_SECONDS : 0)
          : numericDate(notBefore, 'nbf');
      if (startsAt >= expiresAt)
        throw new Problem('issuer-parameter-invalid', 'The begin of the token is not before its end.');
      const query = await preset.sign(
        {
          path: path.replace('{stream}', () => stream),
          startsAt,
          expiresAt,
          ip,
          salt: crypto.randomUUID().replaceAll('-', ''),
          secret: await readSecret(options.secret),
        },
        notBefore === undefined ? formula : { ...formula, writesStart: true },
      );
      const entry = url === undefined ? undefined : appendQuery(fillTemplate(url, stream), query);
      return { query, ...(entry !== undefined && { url: entry }), expiresAt };
    },
  };
}

/** nginx signs the decoded path, so that any name of one segment is safe. How the others decode is not documented. */
function checkName(stream: string, server: string): void {
  const isSafe = server === 'nginx' ? /^[^/\\*?\p{Cc}]+$/u : /^[\w.~-]+$/;
  if (isSafe.test(stream) && !/^\.{1,2}$/.test(stream)) return;
  throw new Problem(
    'issuer-parameter-invalid',
    'The name of the stream has a character that the server may read differently.',
    {
      hint: 'Rename the stream. Letters, digits, hyphens, underscores and dots are safe with every server.',
    },
  );
}

const optionNames: Readonly<Record<keyof SecureLinkIssuerOptions, true>> = {
  preset: true,
  path: true,
  expression: true,
  hashArgument: true,
  expiresArgument: true,
  algorithm: true,
  prefix: true,
  parameters: true,
  startTime: true,
  clientIp: true,
  secret: true,
  url: true,
  ttlSeconds: true,
  now: true,
};
