import { Problem } from '../http/problem.js';
import { requireOrigin } from '../http/require-origin.js';
import { silentLogger, type Logger } from '../http/logger.js';
import { within } from '../http/timeouts.js';
import { issueWithinGrant, MAX_TOKENS } from './issue-within-grant.js';
import type { IssuedToken, IssueRequest, TokenIssuer } from './token-issuer.js';
import { requireKnownOptions } from '../http/require-known-options.js';

export interface IssuersByOriginOptions {
  /**
   * Longest time to wait for an issuer, in milliseconds. After it, the response has the tokens of the other issuers.
   * @defaultValue 5,000
   */
  readonly timeoutMs?: number;
  /** Receives a warning for each issuer that fails while another one makes a token. @defaultValue logs nothing */
  readonly logger?: Logger;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

/** Issuers that this module made: one of them in another would return further tokens of a further token. */
const combined = new WeakSet<TokenIssuer>();

/**
 * Issues one token for each origin that serves a stream: several CDNs, each with a scheme of its own. The player sends each
 * token to its origin only. If an issuer fails, the others still make tokens, and playback continues at their origins.
 *
 * @param issuers - by origin, such as `https://cdn.example.com`: 1 to 16. The first is the preferred one: its `url` is the
 *   address that a page without `src` plays.
 * @example
 * ```ts
 * const issuer = issuersByOrigin({
 *   'https://d111111abcdef8.cloudfront.net': cloudfrontIssuer({ … }),
 *   'https://media.example.com': akamaiEdgeAuthIssuer({ … }),
 * });
 * ```
 * @throws TypeError for a key that is not an origin, no or too many issuers, an issuer that is itself a result of this
 *   function, and a `timeoutMs` that is not a positive number.
 * @throws Problem from `issue` if all issuers fail: that of the first issuer whose failure a later request may not have, or
 *   else that of the first issuer.
 */
export function issuersByOrigin(
  issuers: Readonly<Record<string, TokenIssuer>>,
  options: IssuersByOriginOptions = {},
): TokenIssuer {
  requireKnownOptions('issuersByOrigin', options, optionNames);
  const { timeoutMs = 5000, logger = silentLogger, now = Date.now } = options;
  const all = Object.entries(issuers);
  checkIssuers(all);
  if (!(timeoutMs > 0)) throw new TypeError('timeoutMs of issuersByOrigin must be a positive number.');

  const tooLate = () =>
    new Problem('internal', 'An issuer did not respond in time.', { status: 503, retryAfterSeconds: 1 });

  async function issue(request: IssueRequest): Promise<IssuedToken> {
    const results = await Promise.allSettled(
      all.map(async ([origin, issuer]) =>
        forOrigin(origin, await within(timeoutMs, issueWithinGrant(issuer, request, now), tooLate)),
      ),
    );
    const issued = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const [first, ...further] = issued;
    if (!first)
      throw worthwhile(results.map((result): unknown => ('reason' in result ? result.reason : null)));
    for (const [index, result] of results.entries()) {
      if (result.status === 'rejected')
        logger.warn(
          { origin: all[index]?.[0], ...causeOf(result.reason) },
          'No token for one of the origins',
        );
    }
    return further.length === 0 ? first : { ...first, further };
  }

  const issuer: TokenIssuer = {
    issue,
    ...(all.some(([, { bindsTokens }]) => bindsTokens === false) && { bindsTokens: false }),
  };
  combined.add(issuer);
  return issuer;
}

function checkIssuers(all: readonly (readonly [string, TokenIssuer])[]): void {
  if (all.length === 0 || all.length > MAX_TOKENS)
    throw new TypeError(`issuersByOrigin needs 1 to ${String(MAX_TOKENS)} issuers.`);
  for (const [origin, issuer] of all) {
    requireOrigin(origin, 'issuersByOrigin');
    if (combined.has(issuer))
      throw new TypeError('issuersByOrigin cannot contain another issuersByOrigin. List all origins in one.');
  }
}

/** Narrows a token to its origin: what the issuer itself says may be narrower, never another origin. */
function forOrigin(origin: string, { further, ...issued }: IssuedToken): IssuedToken {
  if (further !== undefined || issued.origins?.includes(origin) === false) {
    throw new Problem('internal', 'An issuer of issuersByOrigin returned tokens for other origins.', {
      hint: 'Return one token from its issue(), without "origins".',
    });
  }
  return { ...issued, origins: [origin] };
}

/** The failure to report: one that may pass, because the client then tries again. */
function worthwhile(reasons: readonly unknown[]): unknown {
  const mayPass = (reason: unknown) =>
    reason instanceof Problem && [429, 502, 503, 504].includes(reason.status);
  return reasons.find(mayPass) ?? reasons.find((reason) => reason instanceof Problem) ?? reasons[0];
}

/** An error of other code may contain a secret in its message. */
function causeOf(reason: unknown): { code: string } | { causedBy: string } {
  if (reason instanceof Problem) return { code: reason.code };
  return { causedBy: reason instanceof Error ? reason.name : typeof reason };
}

const optionNames: Readonly<Record<keyof IssuersByOriginOptions, true>> = {
  timeoutMs: true,
  logger: true,
  now: true,
};
