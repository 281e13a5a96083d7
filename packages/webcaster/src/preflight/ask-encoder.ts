import type { EncodingSettings, VideoCodec } from '../publisher/broadcast-target.js';
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

/** Asks the browser whether it can encode this broadcast in time. */
export async function askEncoder({ width, height, encoding }: EncoderWish): Promise<EncoderReading> {
  const codec = sendCodec(encoding.codec, mimeTypes());
  if (codec === null) return { codec, isSmooth: null, isPowerEfficient: null };
  const name = codec.replace(/^video\//i, '');
  try {
    const info = await navigator.mediaCapabilities.encodingInfo({
      type: 'webrtc',
      video: {
        contentType: codec,
        width,
        height,
        bitrate: encoding.videoBitrateKbps * 1000,
        framerate: encoding.framerate,
      },
    });
    if (!info.supported) return { codec: name, isSmooth: null, isPowerEfficient: null };
    return { codec: name, isSmooth: info.smooth, isPowerEfficient: info.powerEfficient };
  } catch {
    // Without the API, or without its type for WebRTC.
    return { codec: name, isSmooth: null, isPowerEfficient: null };
  }
}

/** The codec that a broadcast would use first; `null` if the browser cannot send the one that is wanted. */
export function sendCodec(wanted: VideoCodec, available: readonly string[]): string | null {
  const find = (name: string): string | undefined =>
    available.find((mime) => mime.toLowerCase() === `video/${name}`);
  if (wanted !== 'auto') return find(wanted) ?? null;
  return find('h264') ?? available[0] ?? null;
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

function mimeTypes(): string[] {
  if (typeof RTCRtpSender === 'undefined') return [];
  const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
  return codecs
    .map(({ mimeType }) => mimeType)
    .filter((mime) => !/\/(rtx|red|ulpfec|flexfec-03)$/i.test(mime));
}
