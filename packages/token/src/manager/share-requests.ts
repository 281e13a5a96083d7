import type { RefreshReason, TokenPurpose } from '@gatecast/contract';
import { lazyPart } from '../failure/lazy-part.js';
import { unlessAborted } from '../source/read-answer.js';
import { startDeadline } from '../time/deadline.js';
import type { ManagerContext, SendTokens } from './manager-context.js';
import type { TabRequests } from './tab-tokens.js';
import type { TokenSlot } from './token-slot.js';

const tabsPart = lazyPart('TabGroup', async () => (await import('./tab-group.js')).TabGroup);

/** A page whose code for it does not load requests its tokens itself. */
const LOAD_MS = 2000;

/** Requests tokens as `send` does. With a session, it first asks the other tabs; the code for it loads with the first request. */
export async function shareRequests(
  context: ManagerContext,
  requests: TabRequests,
  purpose: TokenPurpose,
  send: SendTokens,
  slots: readonly TokenSlot[],
  reason: RefreshReason,
): Promise<void> {
  const scope = requests.source.tabs;
  if (scope && !context.tabs) {
    const deadline = startDeadline(context.clock, LOAD_MS);
    const { signal } = deadline;
    const TabGroup = await unlessAborted(tabsPart({ signal, tries: 1 }), signal).catch(() => null);
    deadline.end();
    if (TabGroup) context.tabs ??= new TabGroup(context, requests, scope, purpose);
  }
  // Some may have been released while the code has loaded.
  const waiting = slots.filter(({ phase }) => phase.kind === 'requesting');
  if (scope && context.tabs) await context.tabs.request(waiting, reason, send);
  else if (waiting.length > 0) await send(waiting, reason);
}
