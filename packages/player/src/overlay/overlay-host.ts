import type { EventLog } from '@gatecast/element';
import type { GatecastError } from '@gatecast/token';
import type { CSSResultOrNative } from '@lit/reactive-element';
import type { Rendition } from '../engine/engine.js';
import type { MediaElement } from '../media/media-element.js';
import type { VideoRenditionList } from '../media/video-rendition-list.js';
import type { ResolvedSource } from '../source/player-source.js';

/** The player element, as far as its overlay uses it. */
export interface OverlayPlayer extends MediaElement {
  readonly controls: string | boolean | null;
  readonly entries: readonly Rendition[];
  readonly activeEntry: Rendition | null;
  readonly videoRenditions: VideoRenditionList;
  readonly streamType: 'live' | 'on-demand' | 'unknown';
  readonly liveEdgeStart: number | undefined;
  switchEntry(index: number | 'auto'): void;
}

/** State that the element does not show to the page. */
export interface OverlayState {
  /** The error that playback ended with. */
  readonly fatalError: GatecastError | null;
  /** Rendition that the viewer or the page chose. */
  readonly chosen: number | 'auto';
  /** What plays; `null` before the first load. */
  readonly source: ResolvedSource | null;
  /** Does it play with tokens? */
  readonly isProtected: boolean;
}

/** What the overlay is given of an element. */
export interface OverlayHost {
  readonly player: OverlayPlayer;
  readonly root: HTMLElement | DocumentFragment;
  readonly video: HTMLVideoElement;
  /** Styles of the element itself, which come before those of the overlay. */
  readonly styles: readonly CSSResultOrNative[];
  readonly log: EventLog;
  readonly state: () => OverlayState;
}
