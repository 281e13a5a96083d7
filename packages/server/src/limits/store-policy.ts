import type { Logger } from '../http/logger.js';
import { Problem } from '../http/problem.js';

/** While the store of the limits is down, `closed` refuses requests and `open` allows them. */
export type StoreDownPolicy = 'closed' | 'open';

/** How to handle failures of a store. */
export interface GuardedStore {
  readonly policy: StoreDownPolicy;
  readonly logger: Logger;
}

/** The guards whose store failed the last time. */
const down = new WeakSet<GuardedStore>();

/**
 * Runs an action that needs the store. An error other than a `Problem` means that the store is down: the request is
 * refused (`closed`), or the result is `whenOpen` (`open`). The log gets one line when the store goes down and one when it
 * responds again.
 *
 * @throws Problem `store-unavailable`, and those of `action`
 */
export async function withStore<T>(guard: GuardedStore, action: () => Promise<T>, whenOpen: T): Promise<T> {
  const { policy, logger } = guard;
  try {
    const result = await action();
    if (down.delete(guard)) logger.warn({ policy }, 'The store responds again');
    return result;
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (!down.has(guard)) {
      down.add(guard);
      const causedBy = error instanceof Error ? error.name : typeof error;
      if (policy === 'open') logger.warn({ policy, causedBy }, 'The store is down. Limits are not enforced');
      else logger.error({ policy, causedBy }, 'The store is down. Requests are refused');
    }
    if (policy === 'open') return whenOpen;
    throw new Problem('store-unavailable', 'Limits cannot be checked at the moment.', {
      retryAfterSeconds: 2,
      cause: error,
    });
  }
}
