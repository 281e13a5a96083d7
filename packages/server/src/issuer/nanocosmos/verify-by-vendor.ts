import * as v from 'valibot';
import { Problem } from '../../http/problem.js';
import type { TokenIssuer } from '../token-issuer.js';
import type { VendorClient } from './vendor-client.js';

/** An issuer whose service can also verify tokens. */
export interface VerifyingIssuer extends TokenIssuer {
  /**
   * Verifies a token at the vendor's service.
   *
   * @returns the claims that the vendor reports.
   * @throws Problem `token-expired` or `token-invalid` if the token is not valid; `vendor-…` if the service fails.
   */
  verify(token: string): Promise<Readonly<Record<string, unknown>>>;
}

const verifyAnswer = v.object({
  success: v.literal(true),
  data: v.optional(v.record(v.string(), v.unknown()), {}),
});

/** Calls `/verify` of a token service: 2xx with the claims, or a refusal. */
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
      { vendorCode: error.vendorCode },
    );
  });
  const result = v.safeParse(verifyAnswer, answer);
  if (!result.success)
    throw new Problem('vendor-failed', 'The vendor’s response to the verify request has an unknown form.');
  return result.output.data;
}
