import { GRANT_CLAIM } from '../revocation/grant-id.js';
import { revocationProblem } from '../revocation/revocation-problem.js';
import type { Revocations } from '../revocation/revocations.js';
import type { PlaylistGrant } from './playlist-cookie.js';

/** @throws Problem `revoked` or `moved` if the grant of a cookie is revoked, `store-unavailable` */
export async function requireNotEnded(
  { user, stream, id, claims }: PlaylistGrant,
  revocations: Revocations | undefined,
): Promise<void> {
  const { [GRANT_CLAIM]: grantId } = claims;
  const target = {
    ...(user !== undefined && { user }),
    ...(typeof grantId === 'string' && { grantId }),
    stream,
    jti: id,
  };
  const revocation = await revocations?.find(target);
  if (revocation) throw revocationProblem(revocation);
}
