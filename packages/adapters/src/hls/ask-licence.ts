import { lazyPart } from '@gatecast/token';
import type { LicenceHls, LicenceHost, LicenceSetupArguments } from './licence-host.js';

export type { LicenceHost } from './licence-host.js';

const licencePart = lazyPart('licences', async () => (await import('./licence-requests.js')).licences);

/** The code that requests licences and certificates; loaded for the first one. */
export function licencesFor(signal: AbortSignal | null): ReturnType<typeof licencePart> {
  return licencePart({ signal: signal ?? undefined, tries: 3 });
}

/** The `licenseXhrSetup` of hls.js, which lets it request licences with tokens. */
export function licenceSetup(host: LicenceHost) {
  return async function (this: LicenceHls, ...request: LicenceSetupArguments) {
    const { prepareLicence } = await licencesFor(host.signal);
    return prepareLicence(host, this, ...request);
  };
}
