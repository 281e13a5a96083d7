import type { Engine } from '../engine/engine.js';

/** Where playback stood, so that it can continue there after its source was loaded again. */
export interface PlaybackPosition {
  readonly wasPlaying: boolean;
  /** Seconds of media time, for what has an end. */
  readonly time: number | null;
  /** Seconds behind where a live stream is joined. */
  readonly behindLive: number | null;
}

/** Up to this many seconds behind, a live stream is joined where it is now; less than what counts as live. */
const REJOIN_TOLERANCE_S = 2;

export function readPosition(media: HTMLMediaElement, engine: Engine | null): PlaybackPosition {
  const livePosition = engine?.livePosition ?? null;
  return {
    wasPlaying: !media.paused,
    time: livePosition === null && Number.isFinite(media.duration) ? media.currentTime : null,
    behindLive: livePosition === null ? null : livePosition - media.currentTime,
  };
}

/** Puts a newly loaded source where the old one stood. */
export function restorePosition(
  media: HTMLMediaElement,
  engine: Engine | null,
  position: PlaybackPosition,
): void {
  const { time, behindLive, wasPlaying } = position;
  const livePosition = engine?.livePosition ?? null;
  if (livePosition !== null && behindLive !== null && behindLive > REJOIN_TOLERANCE_S) {
    const start = media.seekable.length > 0 ? media.seekable.start(0) : livePosition;
    media.currentTime = Math.max(start, livePosition - behindLive);
  } else if (livePosition === null && time !== null && time > 0) {
    media.currentTime = time;
  }
  // Autoplay may be forbidden by now; then the viewer sees the paused picture and a play button.
  if (wasPlaying) media.play().catch(() => undefined);
}
