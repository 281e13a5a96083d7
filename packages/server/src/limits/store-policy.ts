import type { Logger } from '../http/logger.js';
import { Problem } from '../http/problem.js';

/** What happens to a request while the store of the limits is down: `closed` refuses it, `open` allows it. */
export type StoreDownPolicy = 'closed' | 'open';

export interface GuardedStore {
  readonly policy: StoreDownPolicy;
  readonly logger: Logger;
}

/**
 * Runs something that needs the store. Problems pass; any other failure means that the store is down, which is logged,
 * and then refused (`closed`) or let through (`open`) as configured.
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
      logger.warn({ policy, causedBy }, 'The store is down: limits are not enforced');
      return whenOpen;
    }
    logger.error({ policy, causedBy }, 'The store is down: requests are refused');
    throw new Problem('store-unavailable', 'Limits cannot be checked at the moment.', {
      retryAfterSeconds: 2,
      cause: error,
    });
  }
}
