import type { RefreshReason } from '@gatecast/contract';
import type { GatecastError } from '../errors.js';
import { isAccessEnd } from '../failure/access-end.js';
import { outlook } from '../failure/failure-policy.js';
import type { TokenSlot } from './token-slot.js';

/** `retry` after a delay; `keep` the token and its schedule; `stop` until the page acts. */
export type AfterFailure = 'retry' | 'keep' | 'stop';

const FAILURES_BETWEEN_SPLITS = 4;

/** What to do for a stream after a request for its token has failed. */
export function afterFailure(
  slot: TokenSlot,
  error: GatecastError,
  reason: RefreshReason,
  isAlive: boolean,
): AfterFailure {
  if (outlook(error, { hasWorked: slot.token !== null }) === 'final') return 'stop';
  // The page gets the error from refreshToken(). The scheduled refresh still runs.
  return !error.retryable && isAlive && reason === 'manual' ? 'keep' : 'retry';
}

/**
 * Can the error be about one of several streams? Then each is requested alone, so that it does not affect the others: the end of
 * the access to one of them does not end the others.
 */
export function mayConcernOneStream({ status, retryable }: GatecastError): boolean {
  return status !== undefined && status !== 401 && !retryable;
}

/** A service that fails as a whole is not asked for each stream alone each time. The end of an access is final: it asks once. */
export function isTimeToSplit(slots: readonly TokenSlot[], { code }: GatecastError): boolean {
  return isAccessEnd(code) || slots.every(({ failures }) => failures % FAILURES_BETWEEN_SPLITS === 0);
}
