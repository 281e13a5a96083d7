import { fetchAuthorized, type Placement } from '@gatecast/token';
import type { LicenseRequest } from 'dashjs';
import { pageAddress } from '../session/check-options.js';
import { licenceAuthorizer } from '../session/licence-authorizer.js';
import type { TokenSession } from '../session/open-session.js';

export interface LicenceFilterOptions {
  readonly session: TokenSession;
  readonly placement: Placement;
  /** Absolute address of the manifest. */
  readonly source: string | null;
}

/** dash.js has read the licence by then. */
const KEPT_MS = 60_000;

/**
 * Requests a licence with a token. dash.js shows refusals of a licence to no filter, and repeats the request with the same headers.
 * So the filter sends the request, and dash.js reads the response from memory. A request that fails goes to dash.js without a token,
 * which then meets the failure itself, and reports it.
 */
export async function filterLicence(
  request: LicenseRequest,
  { session, placement, source }: LicenceFilterOptions,
): Promise<void> {
  try {
    const url = pageAddress(request.url);
    if (source !== null) session.open(source);
    if (!session.authorizer.isAllowed(url)) return;
    const stream = session.streamOf({ url, playlist: source ?? url, kind: 'licence' });
    const { method, headers, data, withCredentials } = request;
    const response = await fetchAuthorized({
      authorizer: licenceAuthorizer(session, placement, url),
      url,
      stream,
      fetch: session.fetch,
      init: {
        method,
        headers,
        body: data,
        signal: session.signal,
        ...(withCredentials && { credentials: 'include' }),
      },
    });
    if (!response.ok) return;
    const kept = keep(session, await response.blob());
    Object.assign(request, { url: kept, method: 'GET', headers: {}, withCredentials: false });
  } catch {
    // Events report why there is no token.
  }
}

/** An address of the response in memory, for a minute, or until the tokens are released. */
function keep({ clock, signal }: TokenSession, body: Blob): string {
  const kept = URL.createObjectURL(body);
  const forget = (): void => {
    URL.revokeObjectURL(kept);
    cancel();
    signal.removeEventListener('abort', forget);
  };
  const cancel = clock.at(clock.now() + KEPT_MS, forget);
  signal.addEventListener('abort', forget);
  return kept;
}
