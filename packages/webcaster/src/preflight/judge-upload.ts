import type { CheckFinding } from './check-report.js';

/** Room for retransmissions, keyframes and other traffic of the network. */
export const HEADROOM = 1.5;

/** One test request. */
export interface UploadSample {
  readonly bytes: number;
  /** From the request to its response. */
  readonly elapsedMs: number;
}

/**
 * Kilobits per second of an upload.
 *
 * @param idleMs - time of a request with an almost empty body, which is not the upload's.
 */
export function uploadKbps({ bytes, elapsedMs }: UploadSample, idleMs: number): number {
  // The empty request may have been slow by chance; at least half of the time was the upload's.
  const spanMs = Math.max(elapsedMs - idleMs, elapsedMs / 2, 0.1);
  return (bytes * 8) / spanMs;
}

/** Bytes of the next test: two seconds at this rate, within limits. */
export function nextUploadBytes(kbps: number, { least, most }: { least: number; most: number }): number {
  return Math.round(Math.min(most, Math.max(least, (kbps * 2000) / 8)));
}

/**
 * Judges the measured rate.
 *
 * @param broadcastKbps - bitrate of sound and video together.
 */
export function judgeUpload(measuredKbps: number, broadcastKbps: number): CheckFinding {
  const value = { uploadKbps: Math.round(measuredKbps), broadcastKbps };
  const took = `The network takes ${megabits(measuredKbps)} Mbit/s`;
  const video = Math.max(100, Math.floor(measuredKbps / HEADROOM / 100) * 100);
  const hint = `Use a cable or a better network, or set video-bitrate to at most ${String(video)}.`;
  if (measuredKbps < broadcastKbps)
    return {
      result: 'failed',
      code: 'upload-low',
      message: `${took}, and this broadcast sends ${megabits(broadcastKbps)}.`,
      hint,
      value,
    };
  if (measuredKbps < broadcastKbps * HEADROOM)
    return {
      result: 'warning',
      code: 'upload-tight',
      message: `${took}, which is only just enough for the ${megabits(broadcastKbps)} of this broadcast.`,
      hint,
      value,
    };
  return { result: 'passed', code: 'upload-ok', message: `${took}.`, value };
}

function megabits(kbps: number): string {
  return (kbps / 1000).toFixed(1);
}
