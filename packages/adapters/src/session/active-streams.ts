import type { Cancel, Clock, TokenLease, TokenManager, LeaseOptions } from '@gatecast/token';

/** A stream for which nothing was requested for this long is not renewed: the player is paused, or gone. */
const IDLE_MS = 60_000;

/** The streams that a player uses at the moment: their tokens are renewed ahead. */
export interface ActiveStreams {
  names(): string[];
  /** @returns whether its token was not renewed until now. */
  use(stream: string): boolean;
  readonly release: () => void;
}

export function activeStreams(
  manager: TokenManager,
  clock: Clock,
  options: Omit<LeaseOptions, 'streams'>,
): ActiveStreams {
  const usedAtMs = new Map<string, number>();
  let lease: TokenLease | undefined;
  let cancel: Cancel | undefined;
  const names = (): string[] => [...usedAtMs.keys()];

  const hold = (): void => {
    if (usedAtMs.size > 0) {
      if (lease) lease.setStreams(names());
      else lease = manager.lease({ ...options, streams: names() });
      cancel ??= clock.at(clock.now() + IDLE_MS, sweep);
      return;
    }
    lease?.release();
    cancel?.();
    lease = cancel = undefined;
  };

  const sweep = (): void => {
    const idleSinceMs = clock.now() - IDLE_MS;
    for (const [stream, atMs] of usedAtMs) if (atMs <= idleSinceMs) usedAtMs.delete(stream);
    cancel = undefined;
    hold();
  };

  return {
    names,
    use(stream) {
      const isNew = !usedAtMs.has(stream);
      usedAtMs.set(stream, clock.now());
      if (isNew) hold();
      return isNew;
    },
    release() {
      usedAtMs.clear();
      hold();
    },
  };
}
