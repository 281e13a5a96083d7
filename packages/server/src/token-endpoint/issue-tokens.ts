import type { TokenRequest } from '@gatecast/contract';
import type { IssuedToken, TokenIssuer } from '../issuer/token-issuer.js';
import { Problem } from '../http/problem.js';
import { grantFor, type Authorization } from './authorize.js';

/** One item of the response. Its expiry is always known. */
export interface IssuedItem extends Omit<IssuedToken, 'tokenId'> {
  readonly stream: string;
}

/**
 * Issues one token for each allowed stream.
 *
 * @throws Problem `forbidden` if no stream is allowed, and the problems of the issuer.
 */
export async function issueTokens(
  issuer: TokenIssuer,
  { purpose, streams }: TokenRequest,
  authorization: Authorization,
  request: Request,
): Promise<IssuedItem[]> {
  const granted = streams.flatMap((stream) => {
    const grant = grantFor(authorization, stream);
    return grant ? [{ stream, grant }] : [];
  });
  // If only some are refused, the response has the other tokens, and the client plays without those renditions.
  if (granted.length === 0) throw new Problem('forbidden', 'The caller may not access these streams.');
  return Promise.all(
    granted.map(async ({ stream, grant }) => {
      const { tokenId: _, ...issued } = await issuer.issue({
        purpose,
        stream,
        grant,
        user: authorization.user,
        // A getter: on Node, reading a request's signal is expensive, and only some issuers need it.
        get signal() {
          return request.signal;
        },
      });
      return { stream, ...issued };
    }),
  );
}
