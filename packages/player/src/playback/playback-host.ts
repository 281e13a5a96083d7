import type { EventLog, TokenSettings } from '@gatecast/element';
import type { AnsweredMedia, EditPlaylist, GatecastError, Placement, TokenValue } from '@gatecast/token';
import type { EngineReport } from '../engine/engine.js';
import type { EngineName, EngineOptions } from '../engine/registry.js';
import type { MediaOutput } from '../media/media-output.js';
import type { ResolvedSource } from '../source/player-source.js';
import type { LiveLatencyOptions } from './watch/limit-live-latency.js';

export interface PlaybackOptions extends WayOptions {
  readonly source: ResolvedSource;
  readonly engine: EngineName | 'auto';
  readonly tokens: TokenSettings;
  /** Whether the source needs tokens, from its own settings or from the element. */
  readonly isProtected: boolean;
  readonly placement: Placement;
  /** Origins besides those of the source that may receive the token. */
  readonly tokenOrigins: readonly string[];
  /** A token that the page provided, for every stream of the source. */
  readonly token: TokenValue | null;
  /** Playlists of a token response that has come already. */
  readonly playlists?: Readonly<Record<string, string>>;
  /** What comes after them in the same response. */
  readonly media?: readonly AnsweredMedia[];
  /** Lets playback begin elsewhere than at the default. */
  readonly startAt?: Promise<EditPlaylist> | null;
  /** Does the page expect that the stream starts later? Read at each failure. */
  readonly mayStartLater: () => boolean;
}

/** How a playback follows another one of the same source. */
export interface WayOptions {
  /**
   * Which of the engines that may play the source is to play it, when another one has done so before.
   *
   * @defaultValue the first one
   */
  readonly way?: number | undefined;
  /** Are tokens that have come since the page gave its own more recent? @defaultValue `false` */
  readonly keepsTokens?: boolean | undefined;
}

/** What playback needs from its element. */
export interface PlaybackHost {
  /** The custom element; engines read their options from it. */
  readonly element: HTMLElement & EngineOptions & LiveLatencyOptions;
  readonly output: MediaOutput;
  readonly log: EventLog;
  onReport(report: Extract<EngineReport, { type: 'entry' | 'live' | 'renditions' }>): void;
  /** Called when playback begins to wait for a stream that has not started yet, and when that ends. */
  onStreamAwaited(isAwaited: boolean): void;
  /** Called with an error that the viewer must know, and with `null` when it plays again. */
  onError(error: GatecastError | null): void;
}

/** The state of one source's playback. */
export type PlaybackState = 'starting' | 'playing' | 'recovering' | 'failed' | 'stopped';
