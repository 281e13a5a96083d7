import { systemClock, type Cancel, type Clock } from '@gatecast/token';

export interface WatchdogOptions {
  /** Asked at each look: a vendor's player may bring another element. */
  readonly media: () => HTMLMediaElement;
  /** Milliseconds without progress, while it should play, after which the callback is called; then again. */
  readonly limitMs: number;
  readonly onStalled: () => void;
  readonly onProgress?: () => void;
  readonly clock?: Clock;
}

const CHECK_MS = 1000;

/** Watches that media time moves while it should: some failures of media engines are silent. */
export function watchProgress({
  media: currentMedia,
  limitMs,
  onStalled,
  onProgress,
  clock = systemClock,
}: WatchdogOptions): Cancel {
  let lastTime = currentMedia().currentTime;
  let lastMoveMs = clock.now();
  let lastCheckMs = lastMoveMs;
  let cancel: Cancel;
  const check = () => {
    const media = currentMedia();
    const nowMs = clock.now();
    const hasSlept = nowMs - lastCheckMs > 5 * CHECK_MS;
    lastCheckMs = nowMs;
    const hasMoved = media.currentTime !== lastTime;
    // A source that was set again begins at 0, which is a move but not progress.
    if (media.currentTime > lastTime) onProgress?.();
    // Time spent asleep or in a throttled tab says nothing about the engine.
    if (media.paused || media.ended || hasMoved || hasSlept) lastMoveMs = nowMs;
    lastTime = media.currentTime;
    cancel = clock.at(nowMs + CHECK_MS, check);
    if (nowMs - lastMoveMs < limitMs) return;
    lastMoveMs = nowMs;
    onStalled();
  };
  cancel = clock.at(clock.now() + CHECK_MS, check);
  return () => {
    cancel();
  };
}
