import type { CaptureRequest, SourceKind, TrackKind } from './capture-request.js';
import type { SourceLoss } from './source-watch.js';

/** Draws camera and screen into one track. It stops none of theirs. */
export interface TrackComposer {
  readonly track: MediaStreamTrack;
  /** @param origin - only between tracks of one origin may the last picture stay until there is another one. */
  setSource(source: 'camera' | 'screen', track: MediaStreamTrack | null, origin?: string): void;
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
  /** What draws the picture of a request that is now open; `null` if the camera or screen is sent as it is. */
  composerFor(request: CaptureRequest): TrackComposer | null;
  /** A device is released before another one can be opened. */
  onGap(kind: TrackKind): void;
}
