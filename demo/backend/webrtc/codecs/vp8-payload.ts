import type { PictureIdField, PictureSize } from './picture-fields.js';

const START_OF_PARTITION = 0x10;
const PARTITION_INDEX = 0x07;
const START_CODE = [0x9d, 0x01, 0x2a] as const;

/**
 * The lengths in a VP8 payload descriptor.
 * @see https://www.rfc-editor.org/rfc/rfc7741#section-4.2
 */
function readDescriptor(payload: Uint8Array) {
  const first = payload[0] ?? 0;
  if ((first & 0x80) === 0) return { length: 1, pictureId: undefined, levelIndexAt: undefined };
  const extension = payload[1] ?? 0;
  let length = 2;
  let pictureId: { readonly offset: number; readonly isLong: boolean } | undefined;
  if ((extension & 0x80) !== 0) {
    pictureId = { offset: length, isLong: ((payload[length] ?? 0) & 0x80) !== 0 };
    length += pictureId.isLong ? 2 : 1;
  }
  const levelIndexAt = (extension & 0x40) !== 0 ? length : undefined;
  if (levelIndexAt !== undefined) length += 1;
  if ((extension & 0x30) !== 0) length += 1;
  return { length, pictureId, levelIndexAt };
}

/** Whether a VP8 RTP payload is the first one of a keyframe. */
export function startsVp8Keyframe(payload: Uint8Array): boolean {
  const first = payload[0] ?? 0;
  if ((first & START_OF_PARTITION) === 0 || (first & PARTITION_INDEX) !== 0) return false;
  const header = payload[readDescriptor(payload).length];
  // The lowest bit of the frame header is 0 in a keyframe.
  return header !== undefined && (header & 1) === 0;
}

/** The picture size in the header of a keyframe (RFC 6386, section 9.1). */
export function vp8PictureSize(payload: Uint8Array): PictureSize | undefined {
  if (!startsVp8Keyframe(payload)) return undefined;
  const at = readDescriptor(payload).length + 3;
  if (at + 7 > payload.length || START_CODE.some((byte, index) => payload[at + index] !== byte)) {
    return undefined;
  }
  const read = (offset: number) => ((payload[offset] ?? 0) | ((payload[offset + 1] ?? 0) << 8)) & 0x3fff;
  return { width: read(at + 3), height: read(at + 5) };
}

/** Where the counters of a payload descriptor are. */
export function vp8PictureId(payload: Uint8Array): PictureIdField | undefined {
  const { pictureId, levelIndexAt, length } = readDescriptor(payload);
  return pictureId && length < payload.length ? { ...pictureId, levelIndexAt } : undefined;
}
