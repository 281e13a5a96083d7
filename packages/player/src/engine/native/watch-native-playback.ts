import { systemClock, type Cancel, type Clock } from '@gatecast/token';
import { hasProgressed, stallLimitMs, type ProgressSample } from './native-progress.js';

export interface NativeWatchdogOptions {
  readonly media: HTMLVideoElement;
  readonly targetDurationMs: number;
  /** Called once; the recovery starts another watchdog. */
  readonly onStalled: () => void;
  readonly clock?: Clock;
}

const CHECK_MS = 500;
/** A look that comes so late says nothing: the page slept or its timers were throttled. */
const LATE_MS = 2500;

/** Watches media time and pictures after a source was set: native engines can stall without an error. */
export function watchNativePlayback({
  media,
  targetDurationMs,
  onStalled,
  clock = systemClock,
}: NativeWatchdogOptions): Cancel {
  let shownFrames = 0;
  let frameHandle = 0;
  let hasStarted = false;
  const countFrame = (): void => {
    shownFrames += 1;
    frameHandle = media.requestVideoFrameCallback(countFrame);
  };
  if ('requestVideoFrameCallback' in media) frameHandle = media.requestVideoFrameCallback(countFrame);

  const look = (): ProgressSample => ({
    currentTime: media.currentTime,
    shownFrames,
    decodedFrames: media.getVideoPlaybackQuality().totalVideoFrames,
    expectsFrames: media.videoWidth > 0 && document.visibilityState === 'visible',
  });
  let last = look();
  let lastCheckMs = clock.now();
  let lastProgressMs = lastCheckMs;
  let cancelAlarm: Cancel;

  const stop = (): void => {
    cancelAlarm();
    if (frameHandle !== 0) media.cancelVideoFrameCallback(frameHandle);
  };
  const check = (): void => {
    const nowMs = clock.now();
    const sample = look();
    const isLate = nowMs - lastCheckMs > LATE_MS;
    const isIdle = media.paused || media.ended;
    lastCheckMs = nowMs;
    if (hasProgressed(last, sample)) hasStarted = true;
    if (isLate || isIdle || hasProgressed(last, sample)) {
      lastProgressMs = nowMs;
      last = sample;
    } else if (sample.currentTime < last.currentTime) {
      // A seek back: from here on it has to move again.
      last = sample;
    }
    if (nowMs - lastProgressMs >= stallLimitMs(targetDurationMs, hasStarted)) {
      stop();
      onStalled();
      return;
    }
    cancelAlarm = clock.at(nowMs + CHECK_MS, check);
  };
  cancelAlarm = clock.at(clock.now() + CHECK_MS, check);
  return stop;
}
