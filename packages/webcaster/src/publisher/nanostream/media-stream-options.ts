import type { MediaStreamOptions } from './rtc-user.js';

/** Ranges of the vendor's documentation, in pixels and frames per second. */
const RANGES = { width: [320, 3840], height: [240, 2160], framerate: [0, 60] } as const;

/** Media with the size and frame rate that its video has now. What is unknown or out of range is left out. */
export function mediaStreamOptions(stream: MediaStream): MediaStreamOptions {
  const { width, height, frameRate } = stream.getVideoTracks()[0]?.getSettings() ?? {};
  const known = { width, height, framerate: frameRate && Math.round(frameRate) };
  const options: MediaStreamOptions = { stream };
  for (const name of ['width', 'height', 'framerate'] as const) {
    const value = known[name];
    const [least, most] = RANGES[name];
    if (value && value >= least && value <= most) options[name] = value;
  }
  return options;
}
