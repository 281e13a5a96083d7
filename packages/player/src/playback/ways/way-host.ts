import type { Clock, GatecastError } from '@gatecast/token';
import type { Engine } from '../../engine/engine.js';
import type { EngineName } from '../../engine/registry.js';
import type { ResolvedSource } from '../../source/player-source.js';
import type { Playback } from '../playback.js';
import type { EngineChangeReason } from './engine-changed-event.js';

/** What of a playback decides which engine plays. */
export type WayPlayback = Pick<
  Playback,
  | 'ways'
  | 'engineName'
  | 'source'
  | 'state'
  | 'begun'
  | 'isOnTrial'
  | 'isSoundEnough'
  | 'endTrial'
  | 'onEngineReport'
  | 'position'
  | 'entries'
  | 'haveTokens'
  | 'readyToPlay'
  | 'prepare'
  | 'start'
  | 'stop'
> & {
  /** With a live position, media comes in, shown or not. */
  readonly engine: Pick<Engine, 'livePosition'> | null;
  readonly tokens: Pick<Playback['tokens'], 'streams' | 'setStreams' | 'rejected'>;
};

/** The player, for what decides which engine plays. */
export interface WayHost {
  readonly playback: WayPlayback | null;
  readonly media: Pick<HTMLMediaElement, 'paused' | 'playbackRate' | 'addEventListener'>;
  /** Does the viewer watch, or wait for a picture? */
  isWanted(): boolean;
  /** Has what plays a picture? */
  hasPicture(): boolean;
  /** Creates a playback without starting it. */
  create(source: ResolvedSource, way: number): WayPlayback;
  /** Makes `next` the player's current playback. */
  replace(next: WayPlayback): void;
  onError(error: GatecastError | null): void;
  /** Called when an engine plays, and why it does. */
  onEngine(engine: EngineName, reason: EngineChangeReason): void;
  /** Adds a line to `diagnostics()`. */
  note(name: string, details: Record<string, unknown>): void;
}

/** What the browser says about page and network. */
export interface WayPage {
  isHidden(): boolean;
  isOffline(): boolean;
  /** Calls back when the device has another network, until the signal aborts. */
  onNetworkChange(callback: () => void, signal: AbortSignal): void;
}

export interface WayKeeperOptions {
  readonly host: WayHost;
  readonly page: WayPage;
  readonly clock: Clock;
  /** Returns a number in [0, 1). */
  readonly random: () => number;
  /** Aborts with the source. */
  readonly signal: AbortSignal;
}
