import { delay, fetchAuthorized, startDeadline, type Placement } from '@gatecast/token';
import type { LicenseRequest } from 'dashjs';
import { pageAddress } from '../session/read-options.js';
import { licenceAuthorizer } from '../session/licence-authorizer.js';
import type { TokenSession } from '../session/open-session.js';

export interface LicenceFilterOptions {
  readonly session: TokenSession;
  readonly placement: Placement;
  /** Absolute address of the manifest. */
  readonly source: string | null;
}

/** Of all attempts, with the wait for a token: dash.js has no limit of its own for filters. */
const TIMEOUT_MS = 20_000;
/** An origin that fails for a moment is asked again after these times: dash.js would repeat the request without its token. */
const WAITS_MS = [500, 1500];
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
  const deadline = startDeadline(session.clock, TIMEOUT_MS, session.signal);
  const { signal } = deadline;
  try {
    const url = pageAddress(request.url);
    if (source !== null) session.open(source);
    if (!session.authorizer.isAllowed(url)) return;
    const stream = session.streamOf({ url, playlist: source ?? url, kind: 'licence' });
    const { method, headers, data, withCredentials } = request;
    const send = (): Promise<Response> =>
      fetchAuthorized({
        authorizer: licenceAuthorizer(session, placement, url),
        url,
        stream,
        fetch: session.fetch,
        init: { method, headers, body: data, signal, ...(withCredentials && { credentials: 'include' }) },
      });
    let response = await send();
    for (const waitMs of WAITS_MS) {
      if (response.status < 500 && response.status !== 429) break;
      await delay(session.clock, waitMs, signal);
      response = await send();
    }
    if (!response.ok) return;
    const kept = keep(session, await response.blob());
    Object.assign(request, { url: kept, method: 'GET', headers: {}, withCredentials: false });
  } catch {
    // Events report why there is no token.
  } finally {
    deadline.end();
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
