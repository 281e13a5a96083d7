import type { Clock } from '../time/clock.js';
import { startDeadline } from '../time/deadline.js';
import { GatecastError } from '../errors.js';
import type { TokenSlot, Waiter } from './token-slot.js';
import type { Token } from '../source/token.js';

/**
 * Waits for a slot's next token, for a limited time. The signal ends only this wait, not the request.
 *
 * @throws GatecastError the last failure, or `token-timeout`; or the signal's reason.
 */
export function waitForToken(
  slot: TokenSlot,
  clock: Clock,
  maxWaitMs: number,
  signal: AbortSignal | undefined,
): Promise<Token> {
  return new Promise((resolve, reject) => {
    const deadline = startDeadline(clock, maxWaitMs, signal);
    const settle = () => {
      slot.waiters.delete(waiter);
      deadline.end();
    };
    const waiter: Waiter = {
      resolve: (token) => {
        settle();
        resolve(token);
      },
      reject: (error) => {
        settle();
        reject(error);
      },
    };
    const giveUp = () => {
      waiter.reject(deadline.isOver ? timeoutError(slot) : (signal?.reason as Error));
    };
    slot.waiters.add(waiter);
    if (deadline.signal.aborted) giveUp();
    else deadline.signal.addEventListener('abort', giveUp, { once: true });
  });
}

function timeoutError(slot: TokenSlot): GatecastError {
  if (slot.phase.kind === 'retrying') return slot.phase.error;
  return new GatecastError('token-timeout', 'No token arrived in time.', {
    hint: 'Check the latency of the token backend.',
    retryable: true,
  });
}
