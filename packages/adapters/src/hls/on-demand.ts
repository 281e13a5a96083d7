import type { Placement } from '@gatecast/token';
import type { TokenSession } from '../session/open-session.js';
import type { LicenceHls, LicenceSetup, LicenceSetupArguments } from './licence-host.js';

export { licenceAuthorizer } from '../session/licence-authorizer.js';
export { repeatByPolicy } from './repeat-by-policy.js';

/**
 * Lets hls.js request a licence with a token of a session.
 *
 * @param setup - the page's own option; hls.js has ours in its place.
 */
export async function prepareLicence(
  session: TokenSession,
  placement: Placement,
  setup: LicenceSetup | undefined,
  hls: LicenceHls,
  request: LicenceSetupArguments,
): Promise<Awaited<ReturnType<LicenceSetup>>> {
  // Few streams are encrypted.
  const { prepareSessionLicence } = await import('./session-licences.js');
  return prepareSessionLicence(session, placement, setup, hls, request);
}
