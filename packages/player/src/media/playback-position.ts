import { readTime, type MediaOutput } from './media-output.js';

/** A playback position, used to continue after the source is loaded again. */
export interface PlaybackPosition {
  readonly wasPlaying: boolean;
  /** Seconds of media time; `null` for a live stream. */
  readonly time: number | null;
  /** Seconds behind the live position; `null` for a source that is not live. */
  readonly behindLive: number | null;
  /** Speed of a source that is not live. */
  readonly rate: number;
}

/** What knows where a live stream is joined. */
interface LiveSource {
  /** Seconds of media time; `null` when unknown or not live. */
  readonly livePosition: number | null;
}

/** A viewer less than this many seconds behind live continues at the live position. */
const REJOIN_TOLERANCE_S = 2;

export function readPosition(
  media: HTMLMediaElement,
  engine: LiveSource | null,
  { seen, intent }: Pick<MediaOutput, 'seen' | 'intent'> = { seen: readTime(media), intent: null },
): PlaybackPosition {
  const livePosition = engine?.livePosition ?? null;
  // In another document, a browser may have begun to load the media again, which also pauses it.
  const isEmpty = media.readyState === HTMLMediaElement.HAVE_NOTHING;
  const { time, rate } = isEmpty ? seen : readTime(media);
  return {
    wasPlaying: !media.paused || (isEmpty && intent === 'play'),
    time: livePosition === null && media.duration !== Infinity ? time : null,
    behindLive: livePosition === null ? null : livePosition - time,
    rate,
  };
}

/** Restores a position as soon as the media of a newly loaded source is known. */
export function restoreWhenLoaded(
  media: HTMLMediaElement,
  run: { readonly engine: LiveSource | null; readonly signal: AbortSignal },
  position: PlaybackPosition,
): void {
  media.addEventListener(
    'loadedmetadata',
    () => {
      restorePosition(media, run.engine, position, run.signal);
    },
    { once: true, signal: run.signal },
  );
}

/** Seeks a newly loaded source to the position of the old one, and plays it if that one was playing. */
export function restorePosition(
  media: HTMLMediaElement,
  engine: LiveSource | null,
  position: PlaybackPosition,
  signal?: AbortSignal,
): void {
  const { time, behindLive, rate, wasPlaying } = position;
  const livePosition = engine?.livePosition ?? null;
  if (livePosition !== null && behindLive !== null && behindLive > REJOIN_TOLERANCE_S) {
    const start = media.seekable.length > 0 ? media.seekable.start(0) : livePosition;
    media.currentTime = Math.max(start, livePosition - behindLive);
  } else if (livePosition === null && time !== null && time > 0) {
    seek(media, time, signal);
    // A browser sets the default with each new source.
    media.playbackRate = rate;
  }
  // The browser may refuse autoplay. The viewer then sees a paused frame and the play button.
  if (wasPlaying) media.play().catch(() => undefined);
}

/** Seeks again when the duration is known: with only an init segment it may be too short, and browsers stop there. */
function seek(media: HTMLMediaElement, time: number, signal: AbortSignal | undefined): void {
  const isBeyond = time > media.duration;
  media.currentTime = time;
  if (!isBeyond) return;
  media.addEventListener(
    'durationchange',
    () => {
      media.currentTime = time;
    },
    { once: true, ...(signal && { signal }) },
  );
}
