import type { Logger } from '../http/logger.js';
import type { RateLimiter } from './rate-limiter.js';

/** Returns a function that warns once if there is a limit by address, but no address: the limit would have no effect. */
export function missingAddressWarning(
  limiter: RateLimiter | undefined,
  logger: Logger,
): (clientAddress: string | undefined) => void {
  let hasWarned = false;
  return (clientAddress) => {
    if (!limiter || clientAddress !== undefined || hasWarned) return;
    hasWarned = true;
    logger.warn({}, 'limits.address is not enforced: the handler is called without clientAddress');
  };
}
