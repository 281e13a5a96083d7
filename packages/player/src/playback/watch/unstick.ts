import type { MediaSamples } from './media-sampler.js';

/** The part of a media element that is read here. */
export interface StillMedia extends Pick<
  HTMLMediaElement,
  'currentTime' | 'paused' | 'ended' | 'duration' | 'playbackRate' | 'readyState' | 'seeking'
> {
  readonly buffered: Pick<TimeRanges, 'length' | 'start' | 'end'>;
}

/**
 * `nudge`: a short seek forward; `end`: the stream was ended at the end of its media; `reattach`: the media source was
 * replaced.
 */
export type StandStillRemedy = 'nudge' | 'end' | 'reattach';

export interface UnstickOptions {
  readonly sampler: MediaSamples<StillMedia>;
  /** Returns false while the current engine detects stalls itself. */
  readonly isNeeded: () => boolean;
  /** Ends the stream at the end of its media. */
  readonly end: () => void;
  /** Replaces the media source, and goes on at the current position. */
  readonly reattach: () => void;
  readonly onUnstuck: (remedy: StandStillRemedy) => void;
}

/** Samples without progress, with media in the buffer, before each nudge. */
const NUDGE_SAMPLES = 3;
/** Samples without progress, just before the known end, after which the stream is ended. */
const END_SAMPLES = 4;
/** Samples of a seek that does not end, with media in the buffer, after which the media source is replaced. */
const SEEK_SAMPLES = 4;
/** Milliseconds between two replacements: if the second seek does not end either, a third one would not. */
const REATTACH_INTERVAL_MS = 10_000;
/** Length of the first nudge, in seconds; each further one is longer by the same amount. */
const NUDGE_S = 0.1;
/** Buffered seconds ahead that a media engine needs to play. */
const MARGIN_S = 1;
/** Duration of one or two parts, in seconds. */
const MISSING_END_S = 0.5;
const HAVE_FUTURE_DATA = 3;

/**
 * Restarts playback that has stalled although stream, token and network are fine, long before the watchdog reloads
 * the source:
 * - the media engine has enough media in its buffer and reports that it can play, but does not: WebKitGTK after a
 *   rendition switch;
 * - a seek to media in the buffer never ends: WebKitGTK, when media that it has already decoded is replaced;
 * - the stream has ended but its last part was never loaded: hls.js considers a low-latency segment complete when the
 *   playlist lists its last part only together with the end of the stream.
 */
export function unstick({ sampler, isNeeded, end, reattach, onUnstuck }: UnstickOptions): void {
  let stillSamples = 0;
  /** The number of those samples at which only the last part of an ended stream was missing. */
  let endSamples = 0;
  /** Target of the last nudge: this change of media time is not progress. */
  let nudgedTo: number | null = null;
  let reattachedMs = -Infinity;

  sampler.onSample(({ atMs, movedByS, isLate }) => {
    const { media } = sampler;
    const { currentTime } = media;
    const shouldMove = !media.paused && !media.ended && media.playbackRate !== 0;
    const isAtSamePlace = movedByS === 0 || currentTime === nudgedTo;
    const isStill = shouldMove && !isLate && isAtSamePlace && isNeeded();
    nudgedTo = null;
    stillSamples = isStill ? stillSamples + 1 : 0;
    const bufferedEnd = endOfBuffer(media);
    endSamples = isStill && isEndMissing(media.duration, bufferedEnd) ? endSamples + 1 : 0;
    if (!isStill) return;
    const hasMedia = bufferedEnd - currentTime > MARGIN_S;
    if (media.seeking && hasMedia) {
      // Another seek does not end either.
      if (stillSamples !== SEEK_SAMPLES || atMs - reattachedMs < REATTACH_INTERVAL_MS) return;
      reattachedMs = atMs;
      reattach();
      onUnstuck('reattach');
    } else if (media.readyState >= HAVE_FUTURE_DATA && hasMedia) {
      if (stillSamples % NUDGE_SAMPLES !== 0) return;
      media.currentTime = currentTime + (NUDGE_S * stillSamples) / NUDGE_SAMPLES;
      nudgedTo = media.currentTime;
      onUnstuck('nudge');
    } else if (endSamples === END_SAMPLES) {
      end();
      onUnstuck('end');
    }
  });
}

/** End of the current buffered range, in seconds. */
function endOfBuffer({ buffered, currentTime }: StillMedia): number {
  for (let index = 0; index < buffered.length; index += 1) {
    const end = buffered.end(index);
    if (buffered.start(index) <= currentTime && currentTime <= end) return end;
  }
  return currentTime;
}

function isEndMissing(duration: number, bufferedEnd: number): boolean {
  return Number.isFinite(duration) && bufferedEnd < duration && duration - bufferedEnd < MISSING_END_S;
}
