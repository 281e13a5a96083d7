import { systemClock, type Clock } from '@gatecast/token';

/** The part of a media element that is read here. */
export interface WatchedMedia extends Pick<HTMLMediaElement, 'paused' | 'currentTime' | 'play'> {
  readonly seekable: Pick<TimeRanges, 'length' | 'end'>;
}

export interface ReturnOptions {
  /** Asked at each look: a vendor's player may bring another element. */
  readonly media: () => WatchedMedia;
  /** Where a live stream is joined, in seconds of media time; `null` when the engine or the stream has no such place. */
  readonly livePosition: () => number | null;
  readonly onReturned: (behindS: number) => void;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  /** Where `resume` comes from. @defaultValue `document` */
  readonly page?: EventTarget & { readonly visibilityState: string };
}

const LOOK_MS = 1000;
/** A look so late was held back, by sleep, by a frozen page or by a throttled tab. */
const LATE_MS = 3 * LOOK_MS;
/** Seconds behind the place where a live stream is joined, up to which a viewer follows it. */
const FOLLOWING_S = 5;
/** Nothing is put right that took longer: a viewer has begun to watch where it stands. */
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
export function returnToLive(options: ReturnOptions): void {
  const { media: currentMedia, livePosition, onReturned, signal, clock = systemClock } = options;
  const page = options.page ?? document;
  let wasFollowing = isFollowing(livePosition(), currentMedia());
  /** As the viewer left it: what browsers do to a page that is hidden is nobody's wish. */
  let wasPlaying = !currentMedia().paused;
  let isInterrupted: Return | null = null;
  let lastLookMs = clock.now();
  let lastTime = currentMedia().currentTime;

  const interrupted = (): void => {
    if (!wasPlaying) return;
    isInterrupted ??= { atMs: clock.now(), knownEndS: seekableEnd(currentMedia()) };
  };
  const look = (): void => {
    const nowMs = clock.now();
    const media = currentMedia();
    if (nowMs - lastLookMs > LATE_MS) interrupted();
    const hasMoved = media.currentTime > lastTime;
    if (page.visibilityState !== 'hidden') wasPlaying = !media.paused;
    lastLookMs = nowMs;
    lastTime = media.currentTime;
    cancel = clock.at(nowMs + LOOK_MS, look);
    const position = livePosition();
    if (!isInterrupted) {
      // A stall says nothing of where the viewer wants to be.
      if (!media.paused && hasMoved) wasFollowing = isFollowing(position, media);
      return;
    }
    // Before the next playlist has come, the live edge is that of the time before.
    const isKnown = seekableEnd(media) > isInterrupted.knownEndS;
    const isOver = nowMs - isInterrupted.atMs > LIMIT_MS;
    if ((!isKnown || media.paused) && !isOver) return;
    isInterrupted = null;
    if (!wasFollowing || isOver || position === null || isFollowing(position, media)) return;
    onReturned(position - media.currentTime);
    media.currentTime = position;
  };
  let cancel = clock.at(lastLookMs + LOOK_MS, look);
  const stopWaking = clock.onWake(interrupted);
  page.addEventListener(
    'resume',
    () => {
      interrupted();
      const media = currentMedia();
      // Refused only where autoplay is; then the viewer sees the paused picture and a play button.
      if (wasPlaying && media.paused) media.play().catch(() => undefined);
    },
    { signal },
  );
  signal.addEventListener(
    'abort',
    () => {
      cancel();
      stopWaking();
    },
    { once: true },
  );
}

function isFollowing(livePosition: number | null, { currentTime }: WatchedMedia): boolean {
  return livePosition !== null && livePosition - currentTime < FOLLOWING_S;
}

function seekableEnd({ seekable }: WatchedMedia): number {
  return seekable.length > 0 ? seekable.end(seekable.length - 1) : 0;
}
