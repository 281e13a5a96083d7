/**
 * Timing of the clip, for the script that makes it and for the origin that loops it.
 *
 * The clip lasts one minute, so that the second shown in the picture is the second of the wall clock. Audio has 32 kHz,
 * because a minute is then a whole number of AAC frames (1875) and of video frames (1500), and the loop has no gap on
 * either track. At 48 kHz it would be 2812.5 AAC frames.
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
  /** H.264 level for the encoder. It determines the last two digits of the `avc1` codec string. */
  readonly level: string;
  /** x264 quality (lower is better), and the limit of the bit rate. */
  readonly crf: number;
  readonly maxKbps: number;
}

/** Highest bit rate first, like the entries of a source object. */
export const renditions: readonly Rendition[] = [
  { label: 'high', width: 1280, height: 720, level: '3.1', crf: 23, maxKbps: 900 },
  { label: 'medium', width: 854, height: 480, level: '3.0', crf: 26, maxKbps: 450 },
  { label: 'low', width: 640, height: 360, level: '3.0', crf: 29, maxKbps: 220 },
];
