import type { RefreshReason } from '@gatecast/contract';
import type { GatecastError } from '../errors.js';
import { outlook } from '../failure/failure-policy.js';
import type { TokenSlot } from './token-slot.js';

/** `retry` after a delay; `keep` the token and its schedule; `stop` until the page acts. */
export type AfterFailure = 'retry' | 'keep' | 'stop';

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

/**
 * Is a stream requested alone now, after a joint request has failed in a way that may concern another one? Always before the error
 * would stop it.
 */
export function isAskedAlone({ failures, token }: TokenSlot, error: GatecastError): boolean {
  return failures === 0 || (failures < Infinity && outlook(error, { hasWorked: token !== null }) === 'final');
}

/** Is its next request for this stream alone? Not each time: the service may fail as a whole. */
export function isNextAlone({ failures, phase }: TokenSlot): boolean {
  return phase.kind === 'retrying' && failures % 2 === 0 && mayConcernOneStream(phase.error);
}
