import type { RefreshReason } from '@gatecast/contract';
import type { GatecastError } from '../errors.js';
import type { TokenSlot } from './token-slot.js';

/** Final errors: only the page can change the cause. */
const PAGE_MUST_ACT: ReadonlySet<string> = new Set(['token-refused', 'token-source-missing']);

/** `retry` after a delay; `keep` the token and its schedule; `stop` until the page acts. */
export type AfterFailure = 'retry' | 'keep' | 'stop';

/** What to do for a stream after a request for its token has failed. */
export function afterFailure(
  slot: TokenSlot,
  error: GatecastError,
  reason: RefreshReason,
  isAlive: boolean,
): AfterFailure {
  if (PAGE_MUST_ACT.has(error.code)) return 'stop';
  if (error.retryable) return 'retry';
  // The page gets the error from refreshToken(). The scheduled refresh still runs.
  if (isAlive && reason === 'manual') return 'keep';
  // A source that worked before will probably work again: a captive portal or a deployment returns invalid responses
  // for a while, a cache returns the refused token. A player that gave up would need a click.
  return slot.token ? 'retry' : 'stop';
}

/** Can the error be about one of several streams? Then each is requested alone, so that it does not affect the others. */
export function mayConcernOneStream({ status, retryable }: GatecastError): boolean {
  return status !== undefined && status !== 401 && !retryable;
}
