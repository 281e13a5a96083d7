import type { Authorizer, Placement } from '@gatecast/token';
import { licenceAuthorizer } from '../session/licence-authorizer.js';
import type { TokenSession } from '../session/open-session.js';
import type { LicenceHls, LicenceSetup, LicenceSetupArguments } from './licence-host.js';

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

/**
 * Adds tokens to the request for a certificate.
 *
 * @param context - gets an absolute address: the page may have given a relative one, which has no origin.
 */
export function certificateAuthorizer(
  session: TokenSession,
  placement: Placement,
  context: { url: string },
): Authorizer {
  context.url = new URL(context.url, document.baseURI).href;
  return licenceAuthorizer(session, placement, context.url);
}
