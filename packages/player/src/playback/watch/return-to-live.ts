import { LIVE_TOLERANCE_S } from '../../media/live-tolerance.js';
import type { LiveIntent } from './live-intent.js';
import type { MediaSamples } from './media-sampler.js';

/** The part of a media element that is read here. */
export interface WatchedMedia extends Pick<HTMLMediaElement, 'currentTime' | 'paused' | 'play'> {
  readonly seekable: Pick<TimeRanges, 'length' | 'end'>;
}

export interface ReturnOptions {
  readonly sampler: MediaSamples<WatchedMedia>;
  /** The live position in seconds of media time; `null` when the engine or the stream has none. */
  readonly livePosition: () => number | null;
  readonly intent: LiveIntent;
  readonly onReturned: (behindS: number) => void;
  /** Target of the `resume` event. @defaultValue `document` */
  readonly page?: EventTarget & { readonly visibilityState: string };
}

/** No seek after this time: the viewer is already watching from the current position. */
const LIMIT_MS = 15_000;

interface Return {
  readonly atMs: number;
  /** End of the seekable range at that time; the first playlist after the interruption extends it. */
  readonly knownEndS: number;
  /** Did the viewer watch at the live position until then? */
  readonly wasFollowing: boolean;
}

/**
 * Returns a viewer who watched at the live position to it after an unwanted interruption: sleep, a background tab,
 * the back/forward cache or a lost network. A viewer who had paused or sought back keeps the position.
 *
 * Playback resumes in a page that the browser froze, because the browser paused it.
 */
export function returnToLive({
  sampler,
  livePosition,
  intent,
  onReturned,
  page = document,
}: ReturnOptions): void {
  const { clock, signal } = sampler;
  /** Only read while the page is visible: a browser may pause a hidden page. */
  let wasPlaying = !sampler.media.paused;
  let interruption: Return | null = null;

  const interrupted = (): void => {
    if (!wasPlaying) return;
    const { isFollowing } = intent;
    interruption ??= { atMs: clock.now(), knownEndS: seekableEnd(sampler.media), wasFollowing: isFollowing };
  };
  sampler.onSample(({ atMs, isLate }) => {
    const { media } = sampler;
    if (isLate) interrupted();
    if (page.visibilityState !== 'hidden') wasPlaying = !media.paused;
    const position = livePosition();
    if (!interruption) return;
    // Until the next playlist arrives, the known live edge is the one from before the interruption.
    const isKnown = seekableEnd(media) > interruption.knownEndS;
    const isOver = atMs - interruption.atMs > LIMIT_MS;
    if ((!isKnown || media.paused) && !isOver) return;
    const { wasFollowing } = interruption;
    interruption = null;
    if (!wasFollowing || isOver || position === null || isNear(position, media)) return;
    onReturned(position - media.currentTime);
    media.currentTime = position;
  });
  signal.addEventListener('abort', clock.onWake(interrupted), { once: true });
  page.addEventListener(
    'resume',
    () => {
      interrupted();
      const { media } = sampler;
      // The browser may refuse autoplay. The viewer then sees a paused frame and the play button.
      if (wasPlaying && media.paused) media.play().catch(() => undefined);
    },
    { signal },
  );
}

function isNear(livePosition: number, { currentTime }: WatchedMedia): boolean {
  return livePosition - currentTime < LIVE_TOLERANCE_S;
}

function seekableEnd({ seekable }: WatchedMedia): number {
  return seekable.length > 0 ? seekable.end(seekable.length - 1) : 0;
}
