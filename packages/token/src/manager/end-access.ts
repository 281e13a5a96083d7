import type { GatecastError } from '../errors.js';
import type { ManagerContext } from './manager-context.js';
import type { TokenSlot } from './token-slot.js';

/**
 * The access to a stream has ended: its token is not used again, and nothing is requested until the page or the backend acts.
 *
 * @param requests - where the slot's requests are cancelled.
 */
export function endAccess(
  slot: TokenSlot,
  error: GatecastError,
  requests: { cancel(slot: TokenSlot): void },
  { leases }: Pick<ManagerContext, 'leases'>,
): void {
  const { phase, token, stream } = slot;
  if (phase.kind === 'failed' && phase.error.code === error.code && token === null) return;
  requests.cancel(slot);
  slot.cancelAlarm?.();
  slot.cancelAlarm = slot.fallback = null;
  slot.phase = { kind: 'failed', error };
  for (const waiter of [...slot.waiters]) waiter.reject(error);
  leases.emit([stream], { type: 'failed', stream, error, willRetryInMs: null });
  // Only now: a broadcast has just sent the end of its session with it.
  if (slot.token === token) slot.token = null;
}
