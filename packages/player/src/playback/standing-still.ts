/** The properties of a media element that say whether autoplay is due. */
export type AutoplayedMedia = Pick<HTMLMediaElement, 'autoplay' | 'paused' | 'readyState'> & {
  readonly played: Pick<TimeRanges, 'length'>;
};

/** The properties of a media element that say whether the viewer waits. */
export type AwaitedMedia = AutoplayedMedia & Pick<HTMLMediaElement, 'preload'>;

const HAVE_CURRENT_DATA = 2;
const HAVE_FUTURE_DATA = 3;
const HAVE_ENOUGH_DATA = 4;

/**
 * Does the element wait for more data before it begins to play by itself? Until then, it is paused. Firefox waits longest:
 * one segment is not enough.
 *
 * @see https://html.spec.whatwg.org/multipage/media.html#ready-states
 */
export function awaitsAutoplay({ autoplay, paused, played, readyState }: AutoplayedMedia): boolean {
  return autoplay && paused && played.length === 0 && readyState < HAVE_ENOUGH_DATA;
}

/** Does the viewer wait for a picture, or for the next one? A paused player with a picture, or without preload, does not. */
export function isStandingStill(media: AwaitedMedia): boolean {
  const { paused, preload, readyState } = media;
  if (!paused) return readyState < HAVE_FUTURE_DATA;
  return awaitsAutoplay(media) || (readyState < HAVE_CURRENT_DATA && preload !== 'none');
}
