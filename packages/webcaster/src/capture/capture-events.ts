import type { SourceKind, TrackKind } from './capture-request.js';
import type { SourceLoss } from './source-watch.js';

/** Draws camera and screen into one track. It stops none of theirs. */
export interface TrackComposer {
  readonly track: MediaStreamTrack;
  setSource(source: 'camera' | 'screen', track: MediaStreamTrack | null): void;
}

/** Callbacks of a capture. */
export interface CaptureEvents {
  /** Called before all tracks are stopped. `isOpen` is already false. */
  onClosing(): void;
  /** What is shown and sent of a kind was replaced, added or removed. */
  onTrackChanged(kind: TrackKind, track: MediaStreamTrack | null): void;
  /** A source was opened by `Capture.open`, or closed without another. */
  onSourceChanged(kind: TrackKind, isOpen: boolean): void;
  /** The browser's own "stop sharing", a device that was unplugged, or one that is held back. */
  onSourceLost(kind: SourceKind, loss: SourceLoss): void;
  /** A device that was held back gives media again. */
  onSourceBack(kind: SourceKind): void;
  /** A device is released before another one can be opened. */
  onGap(kind: TrackKind): void;
}
