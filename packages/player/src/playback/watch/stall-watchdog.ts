import type { MediaSamples } from './media-sampler.js';

/** What is read of a media element. */
export type ProgressMedia = Pick<HTMLMediaElement, 'paused' | 'ended'>;

export interface WatchdogOptions {
  readonly sampler: MediaSamples<ProgressMedia>;
  /** Milliseconds without progress, while it should play, after which `onStalled` is called; then again. */
  readonly limitMs: number;
  readonly onStalled: () => void;
  readonly onProgress?: () => void;
}

/** Watches that media time moves while it should: some failures of media engines are silent. */
export function watchProgress({ sampler, limitMs, onStalled, onProgress }: WatchdogOptions): void {
  let lastMoveMs = sampler.clock.now();
  sampler.onSample(({ atMs, movedByS, isLate }) => {
    const { media } = sampler;
    // A source that was set again begins at 0, which is a move but not progress.
    if (movedByS > 0) onProgress?.();
    if (media.paused || media.ended || movedByS !== 0 || isLate) lastMoveMs = atMs;
    if (atMs - lastMoveMs < limitMs) return;
    lastMoveMs = atMs;
    onStalled();
  });
}
