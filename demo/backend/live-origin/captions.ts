import { clipTiming } from '../../clip/clip-timing.js';

const clockHz = 90_000;

/** Writes a WebVTT segment with one cue for each second. The cue shows the second of the minute. */
export function writeCaptions(sequence: number): string {
  const startSeconds = (sequence * clipTiming.segmentMs) / 1000;
  const seconds = clipTiming.segmentMs / 1000;
  const cues = Array.from({ length: seconds }, (_, index) => {
    const second = (startSeconds + index) % 60;
    return `${cueTime(index)} --> ${cueTime(index + 1)}\nSecond ${second} of the minute\n`;
  });
  // X-TIMESTAMP-MAP maps cue times to MPEG-2 timestamps, which wrap at 33 bits (RFC 8216, 3.5).
  const mapped = (startSeconds * clockHz) % 2 ** 33;
  return `WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:${mapped}\n\n${cues.join('\n')}`;
}

function cueTime(seconds: number): string {
  return `00:00:${String(seconds).padStart(2, '0')}.000`;
}
