import type { Clock } from '@gatecast/token';
import { askEncoder } from '../publisher/ask-encoder.js';
import type { EncodingSettings } from '../publisher/broadcast-target.js';
import { chooseCodecs } from '../publisher/choose-codecs.js';
import { sendableCodecs } from '../publisher/video-codecs.js';
import type { CheckFinding } from './check-report.js';

/** What the browser says about its encoder. */
export interface EncoderReading {
  /** Name of the codec, such as `H264`; `null` if the browser cannot send the one that is wanted. */
  readonly codec: string | null;
  /** Can it encode so many pixels per second in time? `null` if the browser does not say. */
  readonly isSmooth: boolean | null;
  /** By hardware, or cheaply enough? `null` if the browser does not say. */
  readonly isPowerEfficient: boolean | null;
}

export interface EncoderWish {
  readonly width: number;
  readonly height: number;
  readonly encoding: EncodingSettings;
}

/** Asks the browser whether it can encode this broadcast in time, with the codec that it would offer first. */
export async function readEncoder(
  { width, height, encoding }: EncoderWish,
  clock: Clock,
): Promise<EncoderReading> {
  const picture = { ...encoding, width, height };
  const { names } = await chooseCodecs(
    { codec: encoding.codec, picture, available: sendableCodecs() },
    { clock },
  );
  const [name] = names;
  if (name === undefined) return { codec: null, isSmooth: null, isPowerEfficient: null };
  const { isSmooth, isPowerEfficient } = await askEncoder(name, picture);
  return { codec: name.toUpperCase(), isSmooth, isPowerEfficient };
}

export function judgeEncoder({ codec, isSmooth, isPowerEfficient }: EncoderReading): CheckFinding {
  if (codec === null)
    return {
      result: 'failed',
      code: 'codec-unavailable',
      message: 'This browser cannot send the video codec that is wanted.',
      hint: 'Set codec to auto, or use another browser.',
    };
  const value = { codec, ...(isPowerEfficient !== null && { isPowerEfficient }) };
  if (isSmooth === null)
    return {
      result: 'skipped',
      code: 'encoder-unknown',
      message: `This browser does not say how well it encodes ${codec}.`,
      value,
    };
  if (!isSmooth)
    return {
      result: 'warning',
      code: 'encoder-slow',
      message: `This device encodes ${codec} of this size too slowly.`,
      hint: 'Lower resolution or framerate, or close other programs.',
      value,
    };
  return {
    result: 'passed',
    code: 'encoder-ok',
    message: `This device encodes ${codec} of this size in time.`,
    value,
  };
}
