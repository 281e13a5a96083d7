import type { RefreshReason } from '@gatecast/contract';
import type { ServerEvent } from '../source/event-parser.js';
import type { Token } from '../source/token.js';
import type { Clock } from '../time/clock.js';
import type { ServerClock } from '../time/server-clock.js';
import type { TokenLeases } from './token-leases.js';
import type { TokenSlot } from './token-slot.js';

/** The tabs of the origin that share tokens with this one. */
export interface Tabs {
  /** Gets tokens from other tabs, or requests them. Never rejects. */
  request(slots: readonly TokenSlot[], reason: RefreshReason): Promise<void>;
  /** Leaves the others, and forgets what they have. */
  close(): void;
  /** The source is another one: leaves the others, unless they may have its tokens. */
  moved(): void;
  readonly push: TabPush;
}

/** How tabs share what a backend says without being asked. */
export interface TabPush {
  /** Set by what listens to the backend: does what another tab has heard from it. */
  onPushed: ((event: ServerEvent) => void) | null;
  /** Hands the other tabs what the backend has said. */
  tell(event: ServerEvent): void;
  /** Runs `listen` while no other tab listens for the same streams. Never rejects, as `listen`. */
  listenForAll(
    streams: readonly string[],
    signal: AbortSignal,
    listen: (signal: AbortSignal) => Promise<void>,
  ): Promise<void>;
}

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
  /** Set by the first request of a source with a session. */
  tabs?: Tabs;
}

/** Makes a token from the one of a request and from what the media origin has sent with its response; `null` if it sent none. */
export type RenewToken = (old: Token, context: ManagerContext) => Token | null;
