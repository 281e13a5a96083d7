import type { RefreshReason } from '@gatecast/contract';
import { lazyPart } from '../failure/lazy-part.js';
import type { ManagerContext } from './manager-context.js';
import type { TabRequests } from './tab-tokens.js';
import type { TokenSlot } from './token-slot.js';

const tabsPart = lazyPart('tabsOf', async () => (await import('./tab-group.js')).tabsOf);

/**
 * Requests tokens. With a session, other tabs are asked first; the code for it loads with the first request. A page whose code
 * does not load requests its tokens itself.
 */
export async function shareRequests(
  context: ManagerContext,
  requests: TabRequests,
  slots: readonly TokenSlot[],
  reason: RefreshReason,
): Promise<void> {
  if (!requests.source.scope?.session) return requests.send(slots, reason);
  const tabsOf = await tabsPart({ tries: 1 }).catch(() => null);
  return tabsOf ? tabsOf(context, requests).request(slots, reason) : requests.send(slots, reason);
}
