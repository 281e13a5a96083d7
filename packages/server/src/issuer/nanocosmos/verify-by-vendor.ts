import * as v from 'valibot';
import { Problem } from '../../http/problem.js';
import type { TokenIssuer } from '../token-issuer.js';
import type { VendorClient } from './vendor-client.js';

/** An issuer whose service can also say whether a token is good. */
export interface VerifyingIssuer extends TokenIssuer {
  /**
   * Asks the vendor about a token.
   *
   * @throws Problem `token-expired` or `token-invalid` when it is not good, `vendor-…` when the vendor cannot say.
   */
  verify(token: string): Promise<Readonly<Record<string, unknown>>>;
}

const verifyAnswer = v.object({
  success: v.literal(true),
  data: v.optional(v.record(v.string(), v.unknown()), {}),
});

/** `/verify` of both token services: 2xx with the claims, or a refusal. */
export async function verifyByVendor(
  client: VendorClient,
  token: string,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await client.post('/verify', { token }).catch((error: unknown) => {
    if (!(error instanceof Problem) || error.code !== 'vendor-refused') throw error;
    const isExpired = error.vendorCode === 1002;
    throw new Problem(
      isExpired ? 'token-expired' : 'token-invalid',
      'The vendor does not accept the token.',
      {
        vendorCode: error.vendorCode,
      },
    );
  });
  const result = v.safeParse(verifyAnswer, answer);
  if (!result.success) throw new Problem('vendor-failed', 'The vendor’s answer to verify is not understood.');
  return result.output.data;
}
