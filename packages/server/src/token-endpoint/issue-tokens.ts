import type { TokenRequest } from '@gatecast/contract';
import type { IssuedToken, TokenIssuer } from '../issuer/token-issuer.js';
import { Problem } from '../http/problem.js';
import { grantFor, type Authorization } from './authorize.js';

/** One item of the answer; its end is always known. */
export interface IssuedItem extends Omit<IssuedToken, 'tokenId'> {
  readonly stream: string;
}

/**
 * One token for each stream that is granted.
 *
 * @throws Problem `forbidden` when none is, and those of the issuer.
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
  // Some refused among many: the others go out, and the client plays without that rendition.
  if (granted.length === 0) throw new Problem('forbidden', 'These streams are not for this caller.');
  return Promise.all(
    granted.map(async ({ stream, grant }) => {
      const { tokenId: _, ...issued } = await issuer.issue({
        purpose,
        stream,
        grant,
        user: authorization.user,
        // On Node merely reading a request's signal costs more than the rest of the frame: only who needs it pays.
        get signal() {
          return request.signal;
        },
      });
      return { stream, ...issued };
    }),
  );
}
