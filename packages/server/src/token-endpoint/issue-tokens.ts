import type { TokenItem } from '@gatecast/contract';
import { issuedGrant, type Grant, type IssuedGrant } from '../grant/grant.js';
import { Problem } from '../http/problem.js';
import { issueWithinGrant } from '../issuer/issue-within-grant.js';
import type { IssuedToken, TokenIssuer } from '../issuer/token-issuer.js';

/** The items of the response for one stream, and the grant that their tokens have used. */
export interface IssuedStream {
  /** Without `expiresAt`, the token has no end, or the CDN renews it in a cookie. */
  readonly item: TokenItem;
  /** Items of the same stream for other origins. */
  readonly further: readonly TokenItem[];
  readonly grant: IssuedGrant;
  /** Values of `Set-Cookie`. */
  readonly setCookies: readonly string[];
}

/**
 * Issues one token for each granted stream.
 *
 * @param needsId - must the tokens have an id by which they can be revoked?
 * @throws Problem `forbidden` if no stream is granted, `grant-exceeded`, and the problems of the issuer.
 */
export async function issueTokens(
  issuer: TokenIssuer,
  grant: Grant,
  request: Request,
  now: () => number,
  needsId: boolean,
): Promise<IssuedStream[]> {
  // If only some are refused, the response has the other tokens, and the client plays without those renditions.
  if (grant.streams.length === 0) throw new Problem('forbidden', 'The caller may not access these streams.');
  return Promise.all(
    grant.streams.map(async (granted) => {
      const { stream, ...streamGrant } = granted;
      const issueRequest = {
        purpose: grant.purpose,
        stream,
        grant: streamGrant,
        user: grant.user,
        needsId,
        // A getter: on Node, reading a request's signal is expensive, and only some issuers need it.
        get signal() {
          return request.signal;
        },
      };
      const { further = [], ...first } = await issueWithinGrant(issuer, issueRequest, now);
      const all = [first, ...further];
      const [item, ...others] = all.map((issued) => itemOf(stream, issued));
      // The grant counts until the last of its tokens has ended.
      const lastEnd = Math.max(...all.map(({ expiresAt }) => expiresAt ?? Infinity));
      return {
        item: item ?? itemOf(stream, first),
        further: others,
        grant: issuedGrant(granted, lastEnd, first.tokenId),
        setCookies: all.flatMap(({ setCookies = [] }) => setCookies),
      };
    }),
  );
}

/**
 * The address that a page without `src` plays: the signed address of the first token, if the response is for one stream. The
 * address of another CDN stays in its item, where clients find it with its origin.
 */
export function entryOf(issued: readonly IssuedStream[]): string | undefined {
  return issued.length === 1 ? issued[0]?.item.url : undefined;
}

function itemOf(stream: string, issued: IssuedToken): TokenItem {
  const {
    tokenId: _id,
    setCookies: _cookies,
    further: _further,
    expiresAt,
    isRenewedInCookie = false,
    ...part
  } = issued;
  return { stream, ...part, ...(expiresAt !== null && !isRenewedInCookie && { expiresAt }) };
}
