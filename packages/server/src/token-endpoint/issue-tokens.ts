import type { TokenItem } from '@gatecast/contract';
import { issuedGrant, type Grant, type IssuedGrant } from '../grant/grant.js';
import { Problem } from '../http/problem.js';
import { issueWithinGrant } from '../issuer/issue-within-grant.js';
import type { TokenIssuer } from '../issuer/token-issuer.js';

/** An item of the response, and the grant that its token has used. */
export interface IssuedStream {
  /** Without `expiresAt`, the token has no end. */
  readonly item: TokenItem;
  readonly grant: IssuedGrant;
}

/**
 * Issues one token for each granted stream.
 *
 * @throws Problem `forbidden` if no stream is granted, `grant-exceeded`, and the problems of the issuer.
 */
export async function issueTokens(
  issuer: TokenIssuer,
  grant: Grant,
  request: Request,
  now: () => number,
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
        // A getter: on Node, reading a request's signal is expensive, and only some issuers need it.
        get signal() {
          return request.signal;
        },
      };
      const { tokenId, expiresAt, ...issued } = await issueWithinGrant(issuer, issueRequest, now);
      const item = { stream, ...issued, ...(expiresAt !== null && { expiresAt }) };
      return { item, grant: issuedGrant(granted, expiresAt ?? Infinity, tokenId) };
    }),
  );
}
