import type { MediaSamples } from './media-sampler.js';

/** The part of a media element that is read here. */
export interface StillMedia extends Pick<
  HTMLMediaElement,
  'currentTime' | 'paused' | 'ended' | 'duration' | 'playbackRate' | 'readyState'
> {
  readonly buffered: Pick<TimeRanges, 'length' | 'start' | 'end'>;
}

/** `nudge`: the media engine was moved a little ahead; `end`: the stream was ended where its media does. */
export type StandStillRemedy = 'nudge' | 'end';

export interface UnstickOptions {
  readonly sampler: MediaSamples<StillMedia>;
  /** Returns false while an engine plays that detects a standstill by itself. */
  readonly isNeeded: () => boolean;
  /** Ends the stream where its media ends. */
  readonly end: () => void;
  readonly onUnstuck: (remedy: StandStillRemedy) => void;
}

/** Samples without movement, with media to play, after which the engine is nudged; and again after as many more. */
const NUDGE_SAMPLES = 3;
/** Samples without movement, just before the known end, after which the stream ends where its media ends. */
const END_SAMPLES = 4;
/** How far ahead the first nudge moves; each further one moves that much further. */
const NUDGE_S = 0.1;
/** Less than this is too little to play. */
const MARGIN_S = 1;
/** The last part, or two of them. */
const MISSING_END_S = 0.5;
const HAVE_FUTURE_DATA = 3;

/**
 * Restarts playback that stands still although nothing is wrong with stream, token and network, long before the
 * watchdog loads everything again:
 * - the media engine has enough in its buffer, says that it could play, and does not: WebKitGTK after a switch of
 *   rendition;
 * - the stream has ended and its last part never came: hls.js takes a low-latency segment for loaded when its last part
 *   was listed only together with the end of the stream.
 */
export function unstick({ sampler, isNeeded, end, onUnstuck }: UnstickOptions): void {
  let stillSamples = 0;
  /** Those among them at which the stream had ended and only its last part was missing. */
  let endSamples = 0;
  /** Where the last nudge went: that move is not the movement that is waited for. */
  let nudgedTo: number | null = null;

  sampler.onSample(({ movedByS, isLate }) => {
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
    if (media.readyState >= HAVE_FUTURE_DATA && bufferedEnd - currentTime > MARGIN_S) {
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

/** End of the stretch that is being played, in seconds. */
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
