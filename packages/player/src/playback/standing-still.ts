/** The properties of a media element that say whether the viewer waits. */
export type AwaitedMedia = Pick<HTMLMediaElement, 'autoplay' | 'paused' | 'preload' | 'readyState'>;

const HAVE_CURRENT_DATA = 2;
const HAVE_FUTURE_DATA = 3;

/** Does the viewer wait for a picture, or for the next one? A paused player with a picture, or without preload, does not. */
export function isStandingStill({ autoplay, paused, preload, readyState }: AwaitedMedia): boolean {
  if (!paused) return readyState < HAVE_FUTURE_DATA;
  return readyState < HAVE_CURRENT_DATA && (autoplay || preload !== 'none');
}
