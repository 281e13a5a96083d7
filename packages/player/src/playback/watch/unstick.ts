import { systemClock, type Clock } from '@gatecast/token';

/** The part of a media element that is read here. */
export interface StillMedia extends Pick<
  HTMLMediaElement,
  'paused' | 'ended' | 'currentTime' | 'duration' | 'playbackRate' | 'readyState'
> {
  readonly buffered: Pick<TimeRanges, 'length' | 'start' | 'end'>;
}

/** `nudge`: the media engine was moved a little ahead; `end`: the stream was ended where its media does. */
export type StandStillRemedy = 'nudge' | 'end';

export interface UnstickOptions {
  /** Asked at each look: a vendor's player may bring another element. */
  readonly media: () => StillMedia;
  /** False while an engine plays that sees to itself. */
  readonly isNeeded: () => boolean;
  /** Ends the stream where its media does. */
  readonly end: () => void;
  readonly onUnstuck: (remedy: StandStillRemedy) => void;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

const LOOK_MS = 1000;
/** A look so late was held back, by sleep or by a throttled tab: what stood still then says nothing. */
const LATE_MS = 3 * LOOK_MS;
/** Looks without movement, with media to play, after which the engine is nudged; and again after as many more. */
const NUDGE_LOOKS = 3;
/** Looks without movement, just before the known end, after which the stream ends where its media does. */
const END_LOOKS = 4;
/** How far ahead the first nudge moves; each further one moves that much further. */
const NUDGE_S = 0.1;
/** Less than this is too little to play. */
const MARGIN_S = 1;
/** The last part, or two of them. */
const MISSING_END_S = 0.5;
const HAVE_FUTURE_DATA = 3;

/**
 * Gets playback going again that stands still although nothing is wrong with stream, token and network, long before the
 * watchdog loads everything again:
 * - the media engine has enough in its buffer, says that it could play, and does not: WebKitGTK after a switch of
 *   rendition;
 * - the stream has ended and its last part never came: hls.js takes a low-latency segment for loaded whose last part
 *   was listed only together with the end of the stream.
 */
export function unstick(options: UnstickOptions): void {
  const { media: currentMedia, isNeeded, end, onUnstuck, signal, clock = systemClock } = options;
  let lastTime = currentMedia().currentTime;
  let lastLookMs = clock.now();
  let stillLooks = 0;
  /** Those among them at which the stream had ended and only its last part was missing. */
  let endLooks = 0;

  const look = (): void => {
    const nowMs = clock.now();
    const media = currentMedia();
    const { currentTime } = media;
    const isLate = nowMs - lastLookMs > LATE_MS;
    const shouldMove = !media.paused && !media.ended && media.playbackRate !== 0;
    const isStill = shouldMove && !isLate && currentTime === lastTime && isNeeded();
    stillLooks = isStill ? stillLooks + 1 : 0;
    lastTime = currentTime;
    lastLookMs = nowMs;
    cancel = clock.at(nowMs + LOOK_MS, look);
    const bufferedEnd = endOfBuffer(media);
    endLooks = isStill && isEndMissing(media.duration, bufferedEnd) ? endLooks + 1 : 0;
    if (!isStill) return;
    if (media.readyState >= HAVE_FUTURE_DATA && bufferedEnd - currentTime > MARGIN_S) {
      if (stillLooks % NUDGE_LOOKS !== 0) return;
      media.currentTime = currentTime + (NUDGE_S * stillLooks) / NUDGE_LOOKS;
      // Its own move is not the movement that is waited for.
      lastTime = media.currentTime;
      onUnstuck('nudge');
    } else if (endLooks === END_LOOKS) {
      end();
      onUnstuck('end');
    }
  };
  let cancel = clock.at(lastLookMs + LOOK_MS, look);
  signal.addEventListener(
    'abort',
    () => {
      cancel();
    },
    { once: true },
  );
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
