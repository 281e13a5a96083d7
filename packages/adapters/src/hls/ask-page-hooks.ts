import { lazyPart, type MediaRequest } from '@gatecast/token';
import type { PageHooks } from './page-hooks.js';

const hooksPart = lazyPart('applyPageHooks', async () => (await import('./page-hooks.js')).applyPageHooks);

/**
 * The request as the page's hooks have changed it; the same without hooks. The code that calls them is loaded for the first one.
 *
 * @throws GatecastError `option-invalid` when a hook throws, or `fetchSetup` returns no `Request`.
 */
export async function askPageHooks(
  hooks: PageHooks,
  request: MediaRequest,
  signal: AbortSignal,
): Promise<MediaRequest> {
  if (!hooks.fetchSetup && !hooks.xhrSetup) return request;
  const applyPageHooks = await hooksPart({ signal });
  return applyPageHooks(hooks, request, signal);
}
