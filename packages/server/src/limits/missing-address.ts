import type { Logger } from '../http/logger.js';
import type { RateLimiter } from './rate-limiter.js';

/**
 * Returns a function that warns once if there is a limit by address, but no address: the limit would have no effect.
 *
 * @param name - the option that sets the limit.
 */
export function missingAddressWarning(
  limiter: RateLimiter | true | undefined,
  logger: Logger,
  name = 'limits.address',
): (clientAddress: string | undefined) => void {
  let hasWarned = false;
  return (clientAddress) => {
    if (!limiter || clientAddress !== undefined || hasWarned) return;
    hasWarned = true;
    logger.warn({}, `${name} is not enforced: the handler is called without clientAddress`);
  };
}
