import type { Logger } from '../http/logger.js';
import { Problem } from '../http/problem.js';

/** While the store of the limits is down, `closed` refuses requests and `open` allows them. */
export type StoreDownPolicy = 'closed' | 'open';

/** How to handle failures of a store. */
export interface GuardedStore {
  readonly policy: StoreDownPolicy;
  readonly logger: Logger;
}

/**
 * Runs an action that needs the store. An error other than a `Problem` means that the store is down. It is logged, and
 * then the request is refused (`closed`) or the result is `whenOpen` (`open`).
 *
 * @throws Problem `store-unavailable`, and those of `action`
 */
export async function withStore<T>(
  { policy, logger }: GuardedStore,
  action: () => Promise<T>,
  whenOpen: T,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Problem) throw error;
    const causedBy = error instanceof Error ? error.name : typeof error;
    if (policy === 'open') {
      logger.warn({ policy, causedBy }, 'The store is down. Limits are not enforced');
      return whenOpen;
    }
    logger.error({ policy, causedBy }, 'The store is down. Requests are refused');
    throw new Problem('store-unavailable', 'Limits cannot be checked at the moment.', {
      retryAfterSeconds: 2,
      cause: error,
    });
  }
}
