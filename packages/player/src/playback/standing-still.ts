/** What of a media output says whether the viewer waits. */
export interface AwaitedOutput {
  readonly media: Pick<HTMLMediaElement, 'autoplay' | 'paused' | 'preload' | 'readyState'> & {
    readonly played: Pick<TimeRanges, 'length'>;
  };
  /** What the page or the viewer did last; `null` before either did anything. */
  readonly intent: 'play' | 'pause' | null;
}

const HAVE_CURRENT_DATA = 2;
const HAVE_FUTURE_DATA = 3;
const HAVE_ENOUGH_DATA = 4;

/**
 * Does the element wait for more data before it begins to play by itself? Until then, it is paused. Firefox waits longest:
 * one segment is not enough.
 *
 * @see https://html.spec.whatwg.org/multipage/media.html#ready-states
 */
export function awaitsAutoplay({ media, intent }: AwaitedOutput): boolean {
  const { autoplay, paused, played, readyState } = media;
  return autoplay && paused && intent !== 'pause' && played.length === 0 && readyState < HAVE_ENOUGH_DATA;
}

/** Does the viewer wait for a picture, or for the next one? A paused player with a picture, or without preload, does not. */
export function isStandingStill(output: AwaitedOutput): boolean {
  const { autoplay, paused, preload, readyState } = output.media;
  if (!paused) return readyState < HAVE_FUTURE_DATA;
  return awaitsAutoplay(output) || (readyState < HAVE_CURRENT_DATA && (autoplay || preload !== 'none'));
}
