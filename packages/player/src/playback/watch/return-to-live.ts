import { LIVE_TOLERANCE_S } from '../../media/live-tolerance.js';
import type { MediaSamples } from './media-sampler.js';

/** The part of a media element that is read here. */
export interface WatchedMedia extends Pick<HTMLMediaElement, 'currentTime' | 'paused' | 'play'> {
  readonly seekable: Pick<TimeRanges, 'length' | 'end'>;
}

export interface ReturnOptions {
  readonly sampler: MediaSamples<WatchedMedia>;
  /** Where a live stream is joined, in seconds of media time; `null` when the engine or the stream has no such place. */
  readonly livePosition: () => number | null;
  readonly onReturned: (behindS: number) => void;
  /** Where `resume` comes from. @defaultValue `document` */
  readonly page?: EventTarget & { readonly visibilityState: string };
}

/** An interruption is not corrected later than this: by then a viewer watches what is shown. */
const LIMIT_MS = 15_000;

interface Return {
  readonly atMs: number;
  /** End of what could be played then; it grows with the first playlist after the return. */
  readonly knownEndS: number;
}

/**
 * Brings a viewer who followed a live stream back to it after an interruption that nobody asked for: sleep, a tab in
 * the background, the back/forward cache, a time without network. A viewer who had paused or gone back stays there.
 *
 * A page that the browser froze plays again, since it was the browser that paused it.
 */
export function returnToLive({ sampler, livePosition, onReturned, page = document }: ReturnOptions): void {
  const { clock, signal } = sampler;
  let wasFollowing = isFollowing(livePosition(), sampler.media);
  /** As the viewer left it: browsers pause a hidden page, viewers do not. */
  let wasPlaying = !sampler.media.paused;
  let interruption: Return | null = null;

  const interrupted = (): void => {
    if (!wasPlaying) return;
    interruption ??= { atMs: clock.now(), knownEndS: seekableEnd(sampler.media) };
  };
  sampler.onSample(({ atMs, movedByS, isLate }) => {
    const { media } = sampler;
    if (isLate) interrupted();
    if (page.visibilityState !== 'hidden') wasPlaying = !media.paused;
    const position = livePosition();
    if (!interruption) {
      // Where a stalled player stands does not show what the viewer wants.
      if (!media.paused && movedByS > 0) wasFollowing = isFollowing(position, media);
      return;
    }
    // Until the next playlist arrives, the known live edge is the one from before the interruption.
    const isKnown = seekableEnd(media) > interruption.knownEndS;
    const isOver = atMs - interruption.atMs > LIMIT_MS;
    if ((!isKnown || media.paused) && !isOver) return;
    interruption = null;
    if (!wasFollowing || isOver || position === null || isFollowing(position, media)) return;
    onReturned(position - media.currentTime);
    media.currentTime = position;
  });
  signal.addEventListener('abort', clock.onWake(interrupted), { once: true });
  page.addEventListener(
    'resume',
    () => {
      interrupted();
      const { media } = sampler;
      // Refused only where autoplay is; then the viewer sees the paused picture and a play button.
      if (wasPlaying && media.paused) media.play().catch(() => undefined);
    },
    { signal },
  );
}

function isFollowing(livePosition: number | null, { currentTime }: WatchedMedia): boolean {
  return livePosition !== null && livePosition - currentTime < LIVE_TOLERANCE_S;
}

function seekableEnd({ seekable }: WatchedMedia): number {
  return seekable.length > 0 ? seekable.end(seekable.length - 1) : 0;
}
