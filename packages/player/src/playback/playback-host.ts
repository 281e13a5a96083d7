import type { EventLog, TokenSettings } from '@gatecast/element';
import type { GatecastError, Placement, TokenValue } from '@gatecast/token';
import type { ExternalMedia } from '../media/external-media.js';
import type { EngineName, EngineReport, EngineSettings } from '../engine/engine.js';
import type { ResolvedSource } from '../source/player-source.js';

export interface PlaybackOptions {
  readonly source: ResolvedSource;
  readonly engine: EngineName | 'auto';
  readonly engineConfig: Readonly<Record<string, unknown>>;
  readonly settings: () => EngineSettings;
  readonly tokens: TokenSettings;
  /** Does the source play with tokens, its own or those of the element? */
  readonly isProtected: boolean;
  readonly placement: Placement;
  /** Origins besides those of the source that may receive the token. */
  readonly tokenOrigins: readonly string[];
  /** A token that the page brought along, for every stream of the source. */
  readonly token: TokenValue | null;
}

/** What playback needs of the element it plays in. */
export interface PlaybackHost {
  readonly element: HTMLElement;
  /** What plays at the moment: its own element, or a vendor's in its place. */
  readonly media: HTMLVideoElement;
  replaceMedia(standIn: ExternalMedia | null): void;
  readonly log: EventLog;
  onReport(report: Exclude<EngineReport, { type: 'error' | 'note' | 'refused' }>): void;
  /** An error that could not be recovered from; `null` when playback has begun anew after one. */
  onError(error: GatecastError | null): void;
}

/** How one source's playback stands. */
export type PlaybackState = 'starting' | 'playing' | 'recovering' | 'failed' | 'stopped';
