import { Problem } from '../../http/problem.js';
import type { TokenIssuer } from '../token-issuer.js';
import { claimsOf, tokenAnswer } from './jwt-answer.js';
import { VendorRefusal, type VendorClient } from './vendor-client.js';

/** Responses about the token. Others, such as 401 or 404, are about this server's key or the URL of the service. */
const ABOUT_THE_TOKEN: ReadonlySet<number> = new Set([200, 400, 403]);

/** An issuer whose service can also verify tokens. */
export interface VerifyingIssuer extends TokenIssuer {
  /**
   * Verifies a token at the vendor's service.
   *
   * @returns the claims of the token. The vendor reports only that it is valid.
   * @throws Problem `token-expired` or `token-invalid` if the token is not valid; `vendor-…` if the service fails.
   */
  verify(token: string): Promise<Readonly<Record<string, unknown>>>;
}

/**
 * Calls `/verify` of a token service. A positive response repeats the token: `{ success: true, data: { token } }`.
 *
 * @see https://docs.nanocosmos.de/docs/nanoplayer/nanoplayer_security_jwt
 * @see https://docs.nanocosmos.de/docs/webrtc-v5/nanostream_webrtc_secure_ingest
 */
export async function verifyByVendor(
  client: VendorClient,
  token: string,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await client.post('/verify', { token }).catch((error: unknown) => {
    if (!(error instanceof VendorRefusal) || !ABOUT_THE_TOKEN.has(error.vendorStatus)) throw error;
    const isExpired = error.vendorCode === 1002;
    throw new Problem(
      isExpired ? 'token-expired' : 'token-invalid',
      'The vendor does not accept the token.',
      { vendorCode: error.vendorCode },
    );
  });
  // A response for another token says nothing about this one.
  const claims = tokenAnswer(answer) === token ? claimsOf(token) : null;
  if (claims === null)
    throw new Problem('vendor-failed', 'The vendor’s response to the verify request is about another token.');
  return claims;
}
