import type { MediaSamples } from './media-sampler.js';

/** The properties of a media element that are read here. */
export type ProgressMedia = Pick<HTMLMediaElement, 'paused' | 'ended'>;

export interface WatchdogOptions {
  readonly sampler: MediaSamples<ProgressMedia>;
  /** Milliseconds without progress, while media should play, after which `onStalled` is called, repeatedly. */
  readonly limitMs: number;
  readonly onStalled: () => void;
  readonly onProgress?: () => void;
  /** Called once: at the first progress, or when media has been paused for half a minute without any. */
  readonly onSettled?: () => void;
}

const PAUSED_MS = 30_000;

/** Reports when media time does not advance although it should: some media engines fail without an error. */
export function watchProgress({ sampler, limitMs, onStalled, onProgress, onSettled }: WatchdogOptions): void {
  let lastMoveMs = sampler.clock.now();
  const startMs = lastMoveMs;
  let isSettled = false;
  sampler.onSample(({ atMs, movedByS, isLate }) => {
    const { media } = sampler;
    // A source that was set again starts at 0. That is a change of media time, but not progress.
    if (movedByS > 0) onProgress?.();
    if (!isSettled && (movedByS > 0 || (media.paused && atMs - startMs > PAUSED_MS))) {
      isSettled = true;
      onSettled?.();
    }
    if (media.paused || media.ended || movedByS !== 0 || isLate) lastMoveMs = atMs;
    if (atMs - lastMoveMs < limitMs) return;
    lastMoveMs = atMs;
    onStalled();
  });
}
