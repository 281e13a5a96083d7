import * as v from 'valibot';
import { Problem } from '../../http/problem.js';
import type { VendorClient } from '../nanocosmos/vendor-client.js';
import { invalid } from '../nanocosmos/vendor-parameters.js';
import type { VerifyingIssuer } from '../nanocosmos/verify-by-vendor.js';

/** An issuer whose service can also revoke tokens. */
export interface RevokingIssuer extends VerifyingIssuer {
  /**
   * Revokes a token at the vendor's service (`/revoke`). The vendor ends its running playbacks and refuses it from then on.
   * Only tokens that were issued with `revocable` can be revoked.
   *
   * @see https://docs.nanocosmos.de/docs/cloud/security_token_revocation
   * @throws Problem `vendor-refused` if the vendor does not revoke it, with the vendor's code; `vendor-…` if the service fails.
   */
  revoke(token: string): Promise<void>;
}

const DAY_SECONDS = 86_400;
const revokeAnswer = v.object({ success: v.literal(true) });

/** Calls `/revoke` of the playback token service. */
export async function revokeByVendor(client: VendorClient, token: string): Promise<void> {
  const result = v.safeParse(revokeAnswer, await client.post('/revoke', { token }));
  if (!result.success)
    throw new Problem('vendor-failed', 'The vendor’s response to the revoke request has an unknown form.');
}

/**
 * Checks the end of a revocable token: at most 24 hours from now. Without an end, the vendor's default applies, 24 hours.
 *
 * @throws Problem `issuer-parameter-invalid`
 */
export function checkRevocableEnd(exp: number | undefined, nowMs: number): void {
  if (exp === undefined || exp <= Math.ceil(nowMs / 1000) + DAY_SECONDS) return;
  throw invalid(
    '"exp" is more than 24 hours in the future, the limit for revocable tokens. Set ttlSeconds to at most 86,400.',
  );
}
