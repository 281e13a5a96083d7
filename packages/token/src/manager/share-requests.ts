import type { RefreshReason } from '@gatecast/contract';
import { lazyPart } from '../failure/lazy-part.js';
import type { ManagerContext, Tabs } from './manager-context.js';
import type { TabRequests } from './tab-tokens.js';
import type { TokenSlot } from './token-slot.js';

/** The first requests wait so long for the code of tabs. A later one does not wait for it. */
const LOAD_MS = 300;

type TabsOf = (context: ManagerContext, requests: TabRequests) => Tabs;
type Share = (
  context: ManagerContext,
  requests: TabRequests,
  slots: readonly TokenSlot[],
  reason: RefreshReason,
) => Promise<void>;

const tabsPart = lazyPart('tabsOf', async () => (await import('./tab-group.js')).tabsOf);

/**
 * Returns what requests tokens. With a session, other tabs are asked first. While the code for that is missing, this tab requests its
 * tokens itself, as without a session; it enters its group when the code is there.
 *
 * @param load - loads that code, with one attempt.
 */
export function sharing(load: () => Promise<TabsOf>): Share {
  let loaded: TabsOf | null = null;
  let waitMs = LOAD_MS;
  return async (context, requests, slots, reason) => {
    if (requests.source.scope?.session) {
      const { clock } = context;
      const loading = loaded
        ? null
        : load()
            .then((part) => (loaded = part))
            .catch(() => null);
      const tabsOf =
        loaded ??
        (await new Promise<TabsOf | null>((resolve) => {
          const cancel = clock.at(clock.now() + waitMs, () => resolve(null));
          void loading?.then(resolve).then(cancel);
        }));
      if (tabsOf) return tabsOf(context, requests).request(slots, reason);
      waitMs = 0;
      void loading?.then((late) => late?.(context, requests).request([], reason));
    }
    // Streams may have been released meanwhile.
    const left = slots.filter(({ phase, request }) => phase.kind === 'requesting' && !request);
    if (left.length > 0) await requests.send(left, reason);
  };
}

export const shareRequests: Share = sharing(() => tabsPart({ tries: 1 }));
