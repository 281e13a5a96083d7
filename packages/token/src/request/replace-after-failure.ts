import type { GetOptions } from '../manager/token-manager.js';
import type { AuthorizedRequest, Authorizer } from './authorizer.js';
import { markTokens } from './placement.js';

/** A request that failed, of a player that sends its requests itself. */
export interface FailedRequest {
  /** As the player requested it, without a token. */
  readonly url: string;
  readonly stream: string;
  readonly authorized: AuthorizedRequest;
  /** HTTP status; 0 for a response that the browser does not show, or without one. */
  readonly status: number;
  /** Has it been repeated already? */
  readonly isRepeat: boolean;
  /** What came with the status. */
  readonly answer: FailedAnswer;
}

/** A response as a player keeps it. */
export interface FailedAnswer {
  /** Where it came from, after redirects. Of an unknown origin, nothing is read. */
  readonly url?: string | null | undefined;
  readonly headers?: Readonly<Record<string, string>> | null | undefined;
  /** Its body, as a text or an `ArrayBuffer`; anything else counts as empty. */
  readonly data?: unknown;
}

/**
 * Authorizes a failed request again, once, if a token that was refused may be the reason.
 *
 * @returns `null` if a repeat would not help.
 * @throws GatecastError why there is no other token; `token-rejected` when the repeat is refused, too; `revoked`,
 *   `concurrent-limit` or `moved` if an allowed origin says that the access has ended.
 */
export async function replaceAfterFailure(
  authorizer: Authorizer,
  { url, stream, authorized, status, isRepeat, answer }: FailedRequest,
  options: GetOptions,
): Promise<AuthorizedRequest | null> {
  if (authorizer.isRefusal(status, authorized)) {
    const { url: from, headers, data } = answer;
    if (from && authorizer.isAllowed(from)) {
      const content = typeof data === 'string' || data instanceof ArrayBuffer ? data : null;
      const response = new Response(content, { status, ...(headers && { headers }) });
      await authorizer.checkFailure(response, stream, authorized, options.signal);
    }
    // Also after the repeat: the manager learns that the origin refuses a new token, and then requests no other one.
    const next = await authorizer.replace(url, stream, authorized, options);
    return isRepeat ? null : next;
  }
  return isRepeat || status !== 0 ? null : authorizer.replaceUnreadable(url, stream, authorized, options);
}

/**
 * The address of a response as a player may keep it: without a token, and with the rest of a redirect, so that a manifest is
 * updated where it was last found.
 *
 * @param url - as the player requested it.
 * @param responseUrl - as the browser reports it; empty if it does not.
 */
export function keptUrl(url: string, sent: AuthorizedRequest, responseUrl: string): string {
  const { href } = new URL(sent.url);
  const isSame = responseUrl === '' || responseUrl === href.replace(/#.*$/s, '');
  return isSame ? (sent.base ?? url) : markTokens(responseUrl);
}
