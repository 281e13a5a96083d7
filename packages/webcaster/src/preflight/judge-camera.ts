import type { CheckFinding } from './check-report.js';

/** What was seen of a video track during some seconds. */
export interface CameraReading {
  /** Frames per second that arrived; `null` if fewer than two did. */
  readonly framesPerSecond: number | null;
  /** Pixels of the frames. */
  readonly width: number;
  readonly height: number;
  /** Luma of the brightest sampled pixel, from 0 to 255. */
  readonly brightest: number;
  /** Were all sampled frames the same to the last bit? */
  readonly isStill: boolean;
}

export interface CameraWish {
  readonly width: number;
  readonly height: number;
  /** Frames per second. */
  readonly framerate: number;
  /** A camera is never still, and its noise is never black; a screen or the page's own media may be both. */
  readonly isCamera: boolean;
}

/** Video black is 16 of 255 in most codecs, and a covered lens has some noise. */
const BLACK_LUMA = 24;
/** Below this share of the wanted frame rate, motion is no longer smooth. */
const LOW_RATE = 0.7;
/** Below this share of the wanted lines, the picture is visibly less sharp. */
const LOW_SIZE = 0.9;

/** Judges what a camera gives. */
export function judgeCamera(reading: CameraReading, wish: CameraWish): CheckFinding {
  const { framesPerSecond, width, height, brightest, isStill } = reading;
  const { isCamera } = wish;
  const value = {
    width,
    height,
    framesPerSecond: framesPerSecond === null ? 0 : Math.round(framesPerSecond * 10) / 10,
  };
  // A screen that stands still gives one frame: its size is known then.
  if (width === 0 && !isCamera)
    return {
      result: 'failed',
      code: 'camera-no-frames',
      message: 'The video gives no picture.',
      hint: 'Choose the screen again, or pass a mediaStream whose video track is live and not muted.',
      value,
    };
  if (framesPerSecond === null && isCamera)
    return {
      result: 'failed',
      code: 'camera-no-frames',
      message: 'The camera is open, but gives no picture.',
      hint: 'Disconnect it and connect it again, open its cover, or choose another one.',
      value,
    };
  if (isCamera && isStill)
    return {
      result: 'failed',
      code: 'camera-frozen',
      message: 'The picture of the camera stands still.',
      hint: 'Disconnect it and connect it again, or end the program that feeds it.',
      value,
    };
  if (framesPerSecond !== null && brightest < BLACK_LUMA)
    return {
      result: 'warning',
      code: 'camera-black',
      message: 'The picture is black.',
      hint: 'Open the cover of the camera, or switch on a light.',
      value,
    };
  if (isCamera) return judgeSize(value, wish);
  return { result: 'passed', code: 'camera-ok', message: 'The video gives a picture.', value };
}

function judgeSize(
  value: { width: number; height: number; framesPerSecond: number },
  wish: CameraWish,
): CheckFinding {
  const { width, height, framesPerSecond } = value;
  const got = `${String(width)} × ${String(height)}`;
  // A phone held upright gives the same lines, turned.
  const [lines, wanted] = [Math.min(width, height), Math.min(wish.width, wish.height)];
  if (lines < wanted * LOW_SIZE)
    return {
      result: 'warning',
      code: 'camera-small',
      message: `The camera gives ${got}, not ${String(wish.width)} × ${String(wish.height)}.`,
      hint: 'Choose another camera, or set resolution to what it gives.',
      value,
    };
  if (framesPerSecond < wish.framerate * LOW_RATE)
    return {
      result: 'warning',
      code: 'camera-slow',
      message: `The camera gives ${String(Math.round(framesPerSecond))} frames per second, not ${String(wish.framerate)}.`,
      hint: 'Cameras are slower in the dark: add light, or set framerate to what it gives.',
      value,
    };
  const rate = String(Math.round(framesPerSecond));
  return {
    result: 'passed',
    code: 'camera-ok',
    message: `The camera gives ${got} at ${rate} frames per second.`,
    value,
  };
}
