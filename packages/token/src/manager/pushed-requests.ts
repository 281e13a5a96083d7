import type { RefreshReason } from '@gatecast/contract';
import type { TokenSource } from '../source/token-source.js';
import type { TokenSlot } from './token-slot.js';

/** The requests of a manager, for the events of its backend. */
export interface PushedRequests {
  readonly source: TokenSource;
  start(slot: TokenSlot, reason: RefreshReason): void;
  cancel(slot: TokenSlot): void;
}
