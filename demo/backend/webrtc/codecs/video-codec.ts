import type { CodecEntry } from '../sdp-text.js';
import { av1PictureSize, startsAv1Keyframe } from './av1-payload.js';
import { h264PictureSize, startsH264Keyframe } from './h264-payload.js';
import type { PictureIdField, PictureSize } from './picture-fields.js';
import { startsVp8Keyframe, vp8PictureId, vp8PictureSize } from './vp8-payload.js';
import { startsVp9Keyframe, vp9PictureId, vp9PictureSize } from './vp9-payload.js';

/** Video codecs that ingest and relay take. HLS is made of H.264 only. */
export const VIDEO_CODECS = ['h264', 'vp8', 'vp9', 'av1'] as const;
export type VideoCodec = (typeof VIDEO_CODECS)[number];

/** What a relay must know of a codec. Payloads are not decoded. */
export interface VideoFormat {
  /** For messages. */
  readonly title: string;
  /** Encoding name in `a=rtpmap`, in capitals. */
  readonly sdpName: string;
  /** Whether `a=fmtp` is of a form that every decoder takes: the basic profile, and all packet types. */
  readonly isTaken: (parameters: string) => boolean;
  /** Whether a payload is the first one of a keyframe, with which decoding can begin. */
  readonly startsKeyframe: (payload: Uint8Array) => boolean;
  /** The picture size, if it is in the payload. @throws RangeError if the header is not valid. */
  readonly pictureSize: (payload: Uint8Array) => PictureSize | undefined;
  readonly pictureId: (payload: Uint8Array) => PictureIdField | undefined;
}

const noPictureId = () => undefined;

export const VIDEO_FORMATS: Readonly<Record<VideoCodec, VideoFormat>> = {
  h264: {
    title: 'H.264',
    sdpName: 'H264',
    isTaken: (parameters) => parameter(parameters, 'packetization-mode') === '1',
    startsKeyframe: startsH264Keyframe,
    pictureSize: h264PictureSize,
    pictureId: noPictureId,
  },
  vp8: {
    title: 'VP8',
    sdpName: 'VP8',
    isTaken: () => true,
    startsKeyframe: startsVp8Keyframe,
    pictureSize: vp8PictureSize,
    pictureId: vp8PictureId,
  },
  vp9: {
    title: 'VP9',
    sdpName: 'VP9',
    isTaken: (parameters) => (parameter(parameters, 'profile-id') ?? '0') === '0',
    startsKeyframe: startsVp9Keyframe,
    pictureSize: vp9PictureSize,
    pictureId: vp9PictureId,
  },
  av1: {
    title: 'AV1',
    sdpName: 'AV1',
    isTaken: (parameters) => (parameter(parameters, 'profile') ?? '0') === '0',
    startsKeyframe: startsAv1Keyframe,
    pictureSize: av1PictureSize,
    pictureId: noPictureId,
  },
};

/** The codec of an entry of a description, if it is one that is taken. */
export function videoCodecOf({ name, parameters }: CodecEntry): VideoCodec | undefined {
  return VIDEO_CODECS.find((codec) => {
    const { sdpName, isTaken } = VIDEO_FORMATS[codec];
    return sdpName === name && isTaken(parameters);
  });
}

/** A list of codecs for a message: `H.264, VP8 or VP9`. */
export function listTitles(codecs: readonly VideoCodec[]): string {
  const titles = codecs.map((codec) => VIDEO_FORMATS[codec].title);
  return [titles.slice(0, -1).join(', '), titles.at(-1)].filter(Boolean).join(' or ');
}

function parameter(parameters: string, name: string): string | undefined {
  for (const each of parameters.split(';')) {
    const [key = '', value] = each.split('=', 2);
    if (key.trim().toLowerCase() === name) return value?.trim();
  }
  return undefined;
}
