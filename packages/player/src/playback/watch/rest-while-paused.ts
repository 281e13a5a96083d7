import type { MediaSamples } from './media-sampler.js';

type PausableMedia = Pick<HTMLMediaElement, 'paused' | 'seeking'> & EventTarget;

export interface RestOptions {
  readonly sampler: MediaSamples<PausableMedia>;
  /** Is it paused only until it has enough media to begin by itself? */
  readonly awaitsAutoplay: () => boolean;
  /** Stops loading media and tokens. Returns false when the engine cannot do that at present. */
  readonly rest: () => boolean;
  /** Resumes both. */
  readonly resume: () => void;
}

/** Playback that is paused for this long loads nothing more. */
const PAUSED_MS = 30_000;

/**
 * Stops loading after half a minute of pause, because a live stream would load playlists and tokens without end. Resumes
 * at once when playback or a seek is requested. A page in the background that plays goes on, and so does a player that
 * waits for enough media to begin by itself.
 */
export function restWhilePaused({ sampler, awaitsAutoplay, rest, resume }: RestOptions): void {
  const { signal } = sampler;
  let pausedSinceMs: number | null = null;
  let resting: AbortController | null = null;

  const wake = (): void => {
    pausedSinceMs = null;
    if (!resting) return;
    resting.abort();
    resting = null;
    resume();
  };
  sampler.onSample(({ atMs }) => {
    const { media } = sampler;
    if (!media.paused || awaitsAutoplay()) {
      wake();
      return;
    }
    pausedSinceMs ??= atMs;
    if (resting || media.seeking || atMs - pausedSinceMs < PAUSED_MS || !rest()) return;
    resting = new AbortController();
    for (const type of ['play', 'seeking']) media.addEventListener(type, wake, { signal: resting.signal });
  });
  signal.addEventListener(
    'abort',
    () => {
      resting?.abort();
      // Node.js may forget to remove one of several listeners of a signal: what is left must not resume.
      resting = null;
    },
    { once: true },
  );
}
