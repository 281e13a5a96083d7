import type { Clock } from '../time/clock.js';
import type { ServerClock } from '../time/server-clock.js';
import type { TokenLeases } from './token-leases.js';
import type { TokenSlot } from './token-slot.js';

/** What the parts of one token manager share. */
export interface ManagerContext {
  readonly clock: Clock;
  readonly serverClock: ServerClock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly slots: Map<string, TokenSlot>;
  readonly leases: TokenLeases;
  /** Version of the newest token of any stream. */
  version: number;
}
