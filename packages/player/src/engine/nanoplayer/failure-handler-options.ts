import type { Clock } from '@gatecast/token';
import type { EngineHost } from '../engine.js';
import type { EntryTokens } from './entry-tokens.js';
import type { PlayState } from './play-state.js';
import type { TokenRenewal } from './token-renewal.js';

/** The surroundings of `FailureHandler`. */
export interface FailureHandlerOptions {
  readonly host: Pick<EngineHost, 'report' | 'signal'>;
  readonly clock: Clock;
  readonly tokens: EntryTokens;
  readonly renewal: TokenRenewal;
  readonly playState: PlayState;
  /** Version of the vendor's player, for example `5.4.1`. */
  readonly version: () => string;
  /** Stream whose token is in use. */
  readonly stream: () => string;
  /** Updates the player, which has stopped or waits, with the collected tokens. */
  readonly update: () => void;
  /** Plays in the player, which has the current source already. */
  readonly play: () => void;
  /** Shows the page that the live stream has ended, or that it plays again. */
  readonly setEnded: (hasEnded: boolean) => void;
  /** @defaultValue `navigator.onLine` */
  readonly isOnline?: () => boolean;
  /** Returns a number in [0, 1). @defaultValue `Math.random` */
  readonly random?: () => number;
}
