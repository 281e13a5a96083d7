import type { Clock } from './clock.js';

/** A signal that aborts with its parent or after a time. It reports which of the two happened. */
export interface Deadline {
  readonly signal: AbortSignal;
  readonly isOver: boolean;
  /** Starts the time again, from now. */
  restart(delayMs: number): void;
  /** Call it when the work is done, so that no alarm or listener remains. */
  end(): void;
}

/** `AbortSignal.any` and `AbortSignal.timeout` in one, for browsers that have neither (Safari before 17.4). */
export function startDeadline(clock: Clock, delayMs: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController();
  let isOver = false;
  const follow = () => {
    cancel();
    controller.abort(parent?.reason);
  };
  const arm = (forMs: number) =>
    clock.at(clock.now() + forMs, () => {
      isOver = true;
      controller.abort(new DOMException('The request timed out.', 'TimeoutError'));
    });
  let cancel = arm(delayMs);
  if (parent?.aborted) follow();
  parent?.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    get isOver() {
      return isOver;
    },
    restart(forMs) {
      cancel();
      if (!controller.signal.aborted) cancel = arm(forMs);
    },
    end() {
      cancel();
      parent?.removeEventListener('abort', follow);
    },
  };
}
