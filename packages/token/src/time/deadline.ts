import type { Clock } from './clock.js';

/** A signal that aborts with its parent or after a time, and says which of the two it was. */
export interface Deadline {
  readonly signal: AbortSignal;
  readonly isOver: boolean;
  /** Begins the time anew, from now. */
  restart(delayMs: number): void;
  /** Must be called when the work is done, so that no alarm or listener stays. */
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
      controller.abort(new DOMException('The time for this request is over.', 'TimeoutError'));
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
