import { LIVE_TOLERANCE_S } from '../../media/live-tolerance.js';
import type { LiveIntent } from './live-intent.js';
import type { MediaSamples } from './media-sampler.js';

/** The properties of the element that are read here, each time they are used. */
export interface LiveLatencyOptions {
  /** Most seconds behind the live position; 0 or `Infinity` for no limit. */
  readonly maxLiveLatency: number;
  /** How to return: `jump`, or `speed` up. */
  readonly liveCatchUp: 'jump' | 'speed';
}

/** Reports values that are invalid, and therefore not used. */
export function checkLiveLatency({ maxLiveLatency, liveCatchUp }: LiveLatencyOptions): string | null {
  if (Number.isNaN(maxLiveLatency)) return 'max-live-latency is not a number of seconds: there is no limit.';
  if (!['jump', 'speed'].includes(liveCatchUp))
    return 'live-catch-up is neither "jump" nor "speed": "jump" is used.';
  return null;
}

/** The part of a media element that is read and set here. */
export type CatchUpMedia = Pick<
  HTMLMediaElement,
  'currentTime' | 'paused' | 'seeking' | 'playbackRate' | 'readyState'
>;

export interface LimitLatencyOptions {
  readonly sampler: MediaSamples<CatchUpMedia>;
  readonly options: LiveLatencyOptions;
  readonly intent: LiveIntent;
  /** The live position in seconds of media time; `null` when the engine or the stream has none. */
  readonly livePosition: () => number | null;
  readonly onReturn: (how: LiveLatencyOptions['liveCatchUp'], behindS: number) => void;
}

/** Fast enough to gain six seconds in a minute, and hardly heard. */
const CATCH_UP_RATE = 1.1;
/** Seconds above the limit that speed alone would take too long to make up. */
const MOST_BY_SPEED_S = 60;
/** Distance to the live position, in seconds, at which the speed is normal again. */
const ARRIVED_S = LIVE_TOLERANCE_S / 2;
const HAVE_FUTURE_DATA = 3;

/** Returns a viewer who follows the live position to it when stalls have put playback too far behind. */
export function limitLiveLatency(given: LimitLatencyOptions): void {
  const { sampler, options, intent, livePosition, onReturn } = given;
  /** The viewer's own speed while playback is faster. */
  let rateBefore: number | null = null;

  const slowDown = (media: CatchUpMedia): void => {
    // Unless page or viewer have changed the speed in the meantime.
    if (rateBefore !== null && media.playbackRate === CATCH_UP_RATE) media.playbackRate = rateBefore;
    rateBefore = null;
  };
  sampler.onSample(() => {
    const { media } = sampler;
    const position = livePosition();
    const behindS = position === null ? 0 : position - media.currentTime;
    const { maxLiveLatency, liveCatchUp } = options;
    const isWanted = position !== null && maxLiveLatency > 0 && intent.isFollowing && !media.paused;
    if (!isWanted || behindS < ARRIVED_S || liveCatchUp !== 'speed') slowDown(media);
    if (!isWanted || media.seeking || behindS <= maxLiveLatency) return;
    if (liveCatchUp !== 'speed' || behindS > maxLiveLatency + MOST_BY_SPEED_S) {
      slowDown(media);
      onReturn('jump', behindS);
      media.currentTime = position;
    } else if (rateBefore === null && media.playbackRate === 1 && media.readyState >= HAVE_FUTURE_DATA) {
      rateBefore = media.playbackRate;
      media.playbackRate = CATCH_UP_RATE;
      onReturn('speed', behindS);
    }
  });
  sampler.signal.addEventListener(
    'abort',
    () => {
      slowDown(sampler.media);
    },
    { once: true },
  );
}
