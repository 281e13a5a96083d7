import type { CaptureRequest, SourceKind, TrackKind } from './capture-request.js';
import type { BroadcastDevice } from './device-list.js';
import type { OpenedTracks } from './open-track.js';
import type { Substitute } from './substitute.js';

/** A source that is open. */
export interface OpenTrack {
  readonly track: MediaStreamTrack;
  /** Tracks of the page's own stream are shown and sent, never stopped. */
  readonly isOurs: boolean;
  /** Read while the track is live: browsers forget it with the device. */
  readonly device: BroadcastDevice;
  readonly listeners: AbortController;
  /** What is shown and sent instead, while the track gives no media. */
  substitute: Substitute | null;
}

/** Its place in a composed picture. A screen without a camera has the camera's. */
export function placeOf(kind: SourceKind): 'camera' | 'screen' {
  return kind === 'screen' ? 'screen' : 'camera';
}

/** A screen is muted with the camera. */
export function mutedWith(kind: SourceKind): TrackKind {
  return kind === 'screen' ? 'video' : kind;
}

/** Tracks of the page are never stopped here. */
export function stopAll({ media }: CaptureRequest, tracks: OpenedTracks): void {
  if (!media) for (const track of tracks.values()) track.stop();
}

/** The reason of what a closed preview ends. */
export function closed(): DOMException {
  return new DOMException('The preview was closed.', 'AbortError');
}
