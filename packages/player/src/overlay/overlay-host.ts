import type { ElementStyle, EventLog } from '@gatecast/element';
import type { Authorizer, GatecastError } from '@gatecast/token';
import type { Rendition } from '../engine/engine.js';
import type { PlaybackPosition } from '../media/playback-position.js';
import type { MediaElement } from '../media/media-element.js';
import type { VideoRenditionList } from '../media/video-rendition-list.js';
import type { ResolvedSource } from '../source/player-source.js';
import type { Theme } from './theme.js';
import type { EnumeratedOptions } from './warn-of-values.js';

/** The members of the player element that its overlay uses. */
export interface OverlayPlayer extends MediaElement, EnumeratedOptions {
  loading: 'eager' | 'lazy';
  theme: Theme;
  audioOutput: string;
  remember: string;
  startTime: number | null;
  readonly entries: readonly Rendition[];
  readonly activeEntry: Rendition | null;
  readonly videoRenditions: VideoRenditionList;
  readonly streamType: 'live' | 'on-demand' | 'unknown';
  readonly liveEdgeStart: number | undefined;
  load(): void;
  switchEntry(index: number | 'auto'): void;
  selectAudioOutput(): Promise<unknown>;
}

/** The playback of a source, as far as the overlay uses it. */
export interface OverlayPlayback {
  /** The engine that loads the source, and the end of that. */
  readonly run: {
    readonly engine: { readonly livePosition: number | null } | null;
    readonly signal: AbortSignal;
  };
  position(): PlaybackPosition;
  /** Adds the tokens of its streams to requests. */
  readonly authorizer: Authorizer;
}

/** State of the element that is not public. */
export interface OverlayState {
  /** The error that ended playback; `null` without one. */
  readonly fatalError: GatecastError | null;
  /** Does playback wait for a stream that has not started yet? */
  readonly isStreamAwaited: boolean;
  /** Index of the rendition that the viewer or the page chose. */
  readonly chosen: number | 'auto';
  /** What plays; `null` before the first load, and after the element is removed. */
  readonly playback: OverlayPlayback | null;
  /** The source that plays; `null` before the first load. */
  readonly source: ResolvedSource | null;
  /** Does the source need tokens? */
  readonly isProtected: boolean;
}

/** The surroundings of the overlay in an element. */
export interface OverlayHost {
  readonly player: OverlayPlayer;
  readonly root: HTMLElement | DocumentFragment;
  readonly video: HTMLVideoElement;
  /** Styles of the element itself; those of the overlay follow them. */
  readonly styles: readonly ElementStyle[];
  readonly log: EventLog;
  readonly state: () => OverlayState;
}
