import type { Placement } from '@gatecast/token';
import { licenceAuthorizer } from '../session/licence-authorizer.js';
import type { TokenSession } from '../session/open-session.js';
import type { LicenceHls, LicenceHost, LicenceSetup, LicenceSetupArguments } from './licence-host.js';
import { licences } from './licence-requests.js';

/**
 * Lets hls.js request a licence with a token of a session.
 *
 * @param licenseXhrSetup - the page's own option; hls.js has ours in its place.
 */
export function prepareSessionLicence(
  session: TokenSession,
  placement: Placement,
  licenseXhrSetup: LicenceSetup | undefined,
  hls: LicenceHls,
  request: LicenceSetupArguments,
): ReturnType<LicenceSetup> {
  const { clock, fetch, signal: renewing } = session;
  // Released: hls.js sends the request itself.
  if (renewing.aborted) return licenseXhrSetup?.call(hls, ...request);
  const { licenseResponseCallback } = hls.config;
  const hooks = {
    ...(licenseXhrSetup && { licenseXhrSetup }),
    ...(licenseResponseCallback && { licenseResponseCallback }),
  };
  const host: LicenceHost = {
    ...{ clock, fetch, renewing, hooks, signal: null },
    authorizerFor: (url) => licenceAuthorizer(session, placement, url),
    streamOf: (url) => session.streamOf({ url, playlist: hls.url ?? url, kind: 'licence' }),
    onFailed(error, stream) {
      session.report(stream, error);
      return true;
    },
    onTrouble(error, stream) {
      session.report(stream, error);
    },
  };
  return licences.prepareLicence(host, hls, ...request);
}
