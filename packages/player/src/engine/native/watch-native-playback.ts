import { systemClock, type Cancel, type Clock } from '@gatecast/token';
import { hasProgressed, stallLimitMs, type ProgressSample } from './native-progress.js';

export interface NativeWatchdogOptions {
  readonly media: HTMLVideoElement;
  readonly targetDurationMs: number;
  /** Called once; a recovery starts another watchdog. */
  readonly onStalled: () => void;
  readonly clock?: Clock;
}

const CHECK_MS = 500;
/** A sample this late is not used: the device slept, or the page's timers were throttled. */
const LATE_MS = 2500;

/** Watches media time and frames after a source was set: native players stall without an event. */
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

  const takeSample = (): ProgressSample => ({
    currentTime: media.currentTime,
    shownFrames,
    decodedFrames: media.getVideoPlaybackQuality().totalVideoFrames,
    expectsFrames: media.videoWidth > 0 && document.visibilityState === 'visible',
  });
  let last = takeSample();
  let lastCheckMs = clock.now();
  let lastProgressMs = lastCheckMs;
  let cancelAlarm: Cancel;

  const stop = (): void => {
    cancelAlarm();
    if (frameHandle !== 0) media.cancelVideoFrameCallback(frameHandle);
  };
  const check = (): void => {
    const nowMs = clock.now();
    const sample = takeSample();
    const isLate = nowMs - lastCheckMs > LATE_MS;
    const isIdle = media.paused || media.ended;
    lastCheckMs = nowMs;
    if (hasProgressed(last, sample)) hasStarted = true;
    if (isLate || isIdle || hasProgressed(last, sample)) {
      lastProgressMs = nowMs;
      last = sample;
    } else if (sample.currentTime < last.currentTime) {
      // After a seek back, playback must advance from there.
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
