import type { RefreshReason } from '@gatecast/contract';
import type { GatecastError } from '../errors.js';
import type { TokenSlot } from './token-slot.js';

/** Final whatever happens: only the page can change it. */
const PAGE_MUST_ACT: ReadonlySet<string> = new Set(['token-refused', 'token-source-missing']);

/** `retry`: after a while; `keep`: the token in hand, on its schedule; `stop`: until the page acts. */
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
  // The page hears at once that its own wish failed; the schedule asks again in its time.
  if (isAlive && reason === 'manual') return 'keep';
  // Where tokens came from before they will come again: a hotel's login page or a half-done deployment answers
  // nonsense for a while, and a player that gave up on it would need a click. A token that the origin refused is
  // another matter: nothing plays meanwhile, so the error must come out.
  return slot.token && !slot.isRejected ? 'retry' : 'stop';
}

/** May a refusal be about one of several streams, which then must not take the others along? */
export function mayConcernOneStream({ status, retryable }: GatecastError): boolean {
  return status !== undefined && status !== 401 && !retryable;
}
