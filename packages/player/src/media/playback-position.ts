/** A playback position, used to continue after the source is loaded again. */
export interface PlaybackPosition {
  readonly wasPlaying: boolean;
  /** Seconds of media time; `null` for a live stream. */
  readonly time: number | null;
  /** Seconds behind the live position; `null` for a source that is not live. */
  readonly behindLive: number | null;
}

/** What knows where a live stream is joined. */
interface LiveSource {
  /** Seconds of media time; `null` when unknown or not live. */
  readonly livePosition: number | null;
}

/** A viewer less than this many seconds behind live continues at the live position. */
export const REJOIN_TOLERANCE_S = 2;

export function readPosition(media: HTMLMediaElement, engine: LiveSource | null): PlaybackPosition {
  const livePosition = engine?.livePosition ?? null;
  return {
    wasPlaying: !media.paused,
    time: livePosition === null && Number.isFinite(media.duration) ? media.currentTime : null,
    behindLive: livePosition === null ? null : livePosition - media.currentTime,
  };
}

/** The parts of a media element that are read and set here. */
interface RestoredMedia extends EventTarget, Pick<HTMLMediaElement, 'currentTime' | 'play'> {
  readonly seekable: Pick<TimeRanges, 'length' | 'start'>;
}

/** What loads a source; its end is the end of what waits for the source. */
interface SourceRun {
  readonly engine: LiveSource | null;
  readonly signal: AbortSignal;
}

/** Restores a position as soon as the media of a newly loaded source is known. */
export function restoreWhenLoaded(media: RestoredMedia, run: SourceRun, position: PlaybackPosition): void {
  const { signal } = run;
  media.addEventListener('loadedmetadata', () => restorePosition(media, run, position), {
    once: true,
    signal,
  });
}

/** Seeks a newly loaded source to the position of the old one, and plays it if that one was playing. */
export function restorePosition(media: RestoredMedia, run: SourceRun, position: PlaybackPosition): void {
  const { time, behindLive, wasPlaying } = position;
  const livePosition = run.engine?.livePosition ?? null;
  if (livePosition === null) {
    if (time !== null && time > 0) media.currentTime = time;
  } else if (behindLive !== null && behindLive > REJOIN_TOLERANCE_S) {
    const { seekable } = media;
    const again = (): void => {
      restorePosition(media, run, { ...position, wasPlaying: false });
    };
    if (seekable.length > 0) media.currentTime = Math.max(seekable.start(0), livePosition - behindLive);
    // On a busy page, hls.js sets the live window late, and browsers ignore a seek until then. The first picture comes
    // after hls.js's own seek to live, also if hls.js need not seek. A seek of the viewer could be mistaken for that seek.
    else media.addEventListener('loadeddata', again, { once: true, signal: run.signal });
  }
  // The browser may refuse autoplay. The viewer then sees a paused frame and the play button.
  if (wasPlaying) media.play().catch(() => undefined);
}
