/**
 * The clip's measures, shared by the script that makes it and the origin that loops it.
 *
 * A minute, so that the burnt-in second is the second of the wall clock. Audio at 32 kHz, because a minute is
 * then a whole number of AAC frames (1875) as well as of pictures (1500): the loop closes without a gap on
 * either track. At 48 kHz it would be 2812.5 frames.
 */
export const clipTiming = {
  segmentMs: 2_000,
  segmentCount: 30,
  frameRate: 25,
  frameCount: 1_500,
  audioSampleRateHz: 32_000,
  audioSamplesPerFrame: 1_024,
  audioFrameCount: 1_875,
} as const;

export interface Rendition {
  readonly label: 'high' | 'medium' | 'low';
  readonly width: number;
  readonly height: number;
  /** H.264 profile and level as the encoder is told, which gives the `avc1` string its last four digits. */
  readonly level: string;
  /** x264 quality, and the peak that it may not pass. */
  readonly crf: number;
  readonly maxKbps: number;
}

/** Best first, as index 0 of a source object is the highest bitrate. */
export const renditions: readonly Rendition[] = [
  { label: 'high', width: 1280, height: 720, level: '3.1', crf: 23, maxKbps: 900 },
  { label: 'medium', width: 854, height: 480, level: '3.0', crf: 26, maxKbps: 450 },
  { label: 'low', width: 640, height: 360, level: '3.0', crf: 29, maxKbps: 220 },
];
